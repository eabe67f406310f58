# shellcheck shell=bash
# Sourced by discovery-test.sh: Prometheus finds the replicas that Compose starts and stops.

export COMPOSE_PROJECT_NAME=observer-discovery-test
export COMPOSE_FILE=compose.yml:compose.discovery.yml:ci/compose.standin.yml:ci/compose.discovery.standin.yml
export APP_PORTS=19120-19129 BETA_PORTS=19130-19139
export PAGER_PORT=19140 PROMETHEUS_PORT=19141 ALERTMANAGER_PORT=19142

compose() {
  docker compose --progress quiet "$@"
}

clean_up_compose() {
  compose down --volumes --remove-orphans --rmi local --timeout 2 || true
}

# jobs_up JOB NUMBER: that so many targets of this job are up, and no more are known.
jobs_up() {
  equal "$(found_by "$PROMETHEUS_PORT" | grep -cx "$1")" "$2"
}

# all_jobs JOB...: that these are up, one target each.
all_jobs() {
  equal "$(found_by "$PROMETHEUS_PORT" | paste -sd ' ')" "$*"
}

section "Compose"
trap clean_up_compose EXIT
# What an earlier test left that was cut off.
clean_up_compose
check "compose.discovery.yml names every setting of the binary" names_every_setting compose.discovery.yml discover
check "the stack starts" compose up --detach --build --wait beta prometheus
check "Prometheus finds app, beta and the discovery itself" \
  within 120 all_jobs alertmanager app beta discover pager prometheus
scale() {
  compose up --detach --no-recreate --scale "app=$1" app
}
check "docker compose up --scale app=3" scale 3
check "within 30 s it has three targets of app" within 30 jobs_up app 3
check "and one of beta" within 60 jobs_up beta 1
check "docker compose up --scale app=1" scale 1
check "within 30 s it has one again" within 30 jobs_up app 1
clean_up_compose
trap - EXIT
