# shellcheck shell=bash
# The settings: the environment takes precedence over .env, .env over the defaults; bad values are reported.

test_defaults_hold_without_env_file() {
  equals "$(settings_say APP_PORT)" 8080
  equals "$(settings_say RATE)" 40
}

test_env_file_wins_over_defaults() {
  echo 'APP_PORT=8765' >.env
  equals "$(settings_say APP_PORT)" 8765
}

test_environment_wins_over_env_file() {
  echo 'APP_PORT=8765' >.env
  equals "$(APP_PORT=8766 settings_say APP_PORT)" 8766
}

test_empty_value_is_the_default() {
  local name
  for name in "${with_default[@]}"; do
    equals "$name=$(env "$name=" bash -c '. scripts/lib/common.sh && printf %s "${!1}"' settings "$name")" \
      "$name=$(settings_say "$name")"
    echo "$name=" >>.env
  done
  equals "$(settings_say APP_PORT)" 8080
  equals "$(settings_say RATE)" 40
}

test_loopback_is_never_proxied() {
  local name
  for name in NO_PROXY no_proxy; do
    equals "$(env -u NO_PROXY -u no_proxy bash -c '. scripts/lib/common.sh && printenv '$name)" '127.0.0.1,localhost,::1'
    equals "$(env -u NO_PROXY no_proxy=example.com bash -c '. scripts/lib/common.sh && printenv '$name)" \
      '127.0.0.1,localhost,::1,example.com'
  done
}

test_proxies_that_compose_passes_into_containers_are_emptied() {
  local service
  # The other services are the project's own binary, which ignores them, and Postgres.
  for service in alertmanager prometheus grafana vegeta; do
    awk -v name="  $service:" '$0 == name { inside = 1; next } /^  [a-z]/ { inside = 0 } inside' "$repository/compose.yml" |
      grep -q '\*no-proxy' || die_of "$service would use a proxy of the environment"
  done
}

test_env_file_may_have_comments_blanks_quotes_and_no_last_newline() {
  printf '# a comment\n\nAPP_PORT=1111 # said so\nGRAFANA_PASSWORD="a # b"\nRATE=7\r\nBETA_PORT='\''2222'\' >.env
  equals "$(settings_say APP_PORT)" 1111
  equals "$(settings_say GRAFANA_PASSWORD)" 'a # b'
  equals "$(settings_say RATE)" 7
  equals "$(settings_say BETA_PORT)" 2222
}

test_env_file_is_read_not_run() {
  echo 'GRAFANA_PASSWORD=$(touch ran)`touch ran`' >.env
  equals "$(settings_say GRAFANA_PASSWORD)" '$(touch ran)`touch ran`'
  [ ! -e ran ]
}

test_line_that_is_no_setting_is_named() {
  printf 'APP_PORT=1\nwhat is this\n' >.env
  fails scripts/status.sh
  says ".env, line 2: found 'what is this', expected KEY=VALUE"
}

test_port_that_is_no_number_is_named() {
  echo 'APP_PORT=eighty' >.env
  fails scripts/start.sh
  says "APP_PORT: found 'eighty', expected a port, 1 to 65535"
}

test_port_out_of_range_is_named() {
  echo 'BETA_PORT=65536' >.env
  fails scripts/start.sh
  says "BETA_PORT: found '65536', expected a port, 1 to 65535"
}

test_port_given_twice_is_named() {
  echo 'BETA_PORT=8080' >.env
  fails scripts/start.sh
  says "BETA_PORT: found '8080', which another service of the stack uses"
}

test_password_that_would_break_a_url_is_refused() {
  echo 'POSTGRES_PASSWORD=a@b' >.env
  fails scripts/start.sh
  says "POSTGRES_PASSWORD: found 'a@b', expected letters, digits"
}

test_unknown_runtime_is_refused() {
  RUNTIME=podman fails scripts/start.sh
  says "RUNTIME: found 'podman', expected auto, compose, local or kubernetes"
}

test_bad_rate_is_refused() {
  local rate
  for rate in 0 -1 1.5 forty '40/1s'; do
    RATE=$rate fails scripts/load.sh
    says "RATE: found '$rate', expected requests a second"
  done
}

test_bad_duration_is_refused() {
  local duration
  for duration in 5 0s m '5 m' '-5m' '5 minutes'; do
    DURATION=$duration fails scripts/load.sh
    says "DURATION: found '$duration', expected a time such as 30s or 5m"
  done
}

test_settings_of_the_service_reach_it_from_env_file() {
  echo 'OBSERVER_PING_DELAY=none' >.env
  mkdir -p .observer/bin
  printf '%s\n' '#!/bin/sh' 'echo "$OBSERVER_NAME $OBSERVER_PING_DELAY $OBSERVER_PEER_URL"' >.observer/bin/observer
  chmod +x .observer/bin/observer
  succeeds local/run.sh beta
  equals "$output" 'beta none http://127.0.0.1:8080'
}

test_control_listener_has_a_port_of_its_own() {
  printf 'BETA_CONTROL_PORT=9999\n' >.env
  mkdir -p .observer/bin
  printf '%s\n' '#!/bin/sh' 'echo "$OBSERVER_LISTEN $OBSERVER_CONTROL_LISTEN"' >.observer/bin/observer
  chmod +x .observer/bin/observer
  succeeds local/run.sh app
  equals "$output" '127.0.0.1:8080 127.0.0.1:9901'
  succeeds local/run.sh beta
  equals "$output" '127.0.0.1:8081 127.0.0.1:9999'
}

test_console_gets_the_addresses_of_this_machine() {
  printf 'CONSOLE_PORT=8765\nPROMETHEUS_PORT=9191\nBETA_CONTROL_PORT=9999\n' >.env
  mkdir -p .observer/bin
  printf '%s\n' '#!/bin/sh' 'echo "$OBSERVER_CONSOLE_LISTEN $OBSERVER_CONSOLE_PROMETHEUS_URL $OBSERVER_CONSOLE_LINKS"' \
    >.observer/bin/observer-console
  chmod +x .observer/bin/observer-console
  succeeds local/run.sh console
  says '127.0.0.1:8765 http://127.0.0.1:9191 app=http://127.0.0.1:8080,beta='
  says ',faults of beta=http://127.0.0.1:9999'
}

test_control_port_that_is_taken_by_another_part_is_named() {
  echo 'APP_CONTROL_PORT=9090' >.env
  fails scripts/start.sh
  says "APP_CONTROL_PORT: found '9090', which another service of the stack uses"
}

test_control_token_that_no_header_can_bear_is_refused() {
  echo 'CONTROL_TOKEN="two words"' >.env
  fails scripts/start.sh
  says "CONTROL_TOKEN: found 'two words', expected 1 to 256 letters"
}

test_runbooks_follow_the_pagers_port_and_their_setting() {
  echo 'PAGER_PORT=18090' >.env
  equals "$(settings_say RUNBOOKS_URL)" http://127.0.0.1:18090/runbooks
  echo 'RUNBOOKS_URL=https://runbooks.example.com/observer' >.env
  equals "$(settings_say RUNBOOKS_URL)" https://runbooks.example.com/observer
}

test_runbooks_url_that_is_none_is_refused() {
  echo 'RUNBOOKS_URL="http://a|b"' >.env
  fails scripts/start.sh
  says "RUNBOOKS_URL: found 'http://a|b', expected a URL"
}

test_defaults_are_the_same_in_compose_and_in_the_example() {
  local line name default found=0
  # Compose writes ${NAME:-default}, with a port in a URL again as ${NAME:-default}, and the example #NAME=default.
  while read -r line; do
    name=${line%%[=:]*}
    default=${line#*[=-]}
    if [[ " ${with_default[*]} " == *" $name "* ]]; then
      equals "$name is $default" "$name is $(settings_say "$name")"
      found=$((found + 1))
    fi
  done < <(sed -E 's#(://[0-9.]+:)\$\{[A-Z_]+:-([0-9]+)\}#\1\2#g' "$repository"/compose*.yml |
    grep -oE '\$\{[A-Z_]+:-[^}]*' | sed 's/^..//' && sed -n 's/^#\([A-Z_]*=\)/\1/p' "$repository/.env.example")
  # All settings but RUNTIME, RATE and DURATION are in the example, most of them in Compose, too.
  [ "$found" -ge 24 ] || die_of "only $found defaults were compared"
}

test_example_has_every_setting() {
  local name
  for name in "${with_default[@]}"; do
    case $name in
      RUNTIME | RATE | DURATION) ;; # set per command
      *) grep -q "^#$name=" "$repository/.env.example" || die_of "$name is not in .env.example" ;;
    esac
  done
}
