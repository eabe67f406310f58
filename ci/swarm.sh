# shellcheck shell=bash
# Sourced by the tests that need a Swarm: one of a single node, which they make and leave.

# make_swarm: never touches one that is there already. An engine that leaves its Swarm forgets the names of all containers,
# those of Compose projects, too: none may run meanwhile.
make_swarm() {
  local state
  state=$(docker info --format '{{.Swarm.LocalNodeState}}')
  [ "$state" = inactive ] || die "this engine's Swarm is $state" "The test makes a Swarm of its own, and leaves yours alone."
  [ -z "$(docker ps --quiet)" ] || die "containers run on this engine: $(docker ps --format '{{.Names}}' | paste -sd ' ')" \
    "The test leaves its Swarm at the end, and the engine would no longer resolve their names. Stop them first."
  docker swarm init --advertise-addr 127.0.0.1 --default-addr-pool 10.77.0.0/16 >/dev/null
}

# leave_swarm: with it go its services, networks, configurations and secrets.
leave_swarm() {
  docker swarm leave --force >/dev/null 2>&1 || true
  # Made with the Swarm, and not removed with it.
  docker network rm docker_gwbridge >/dev/null 2>&1 || true
}

swarm_is_left() {
  equal "$(docker info --format '{{.Swarm.LocalNodeState}}')" inactive
}
