# shellcheck shell=bash
# The configuration of the local runtime: only the addresses differ.

rendered() {
  mkdir -p prometheus
  cat >prometheus/file.yml
  in_scripts '. scripts/lib/render.sh; render prometheus; cat "$RUN/prometheus/file.yml"'
}

test_addresses_become_ports_of_this_machine() {
  equals "$(echo '- targets: [app:8080, "beta:8081"]' | rendered)" '- targets: [127.0.0.1:8080, "127.0.0.1:8081"]'
  equals "$(echo 'url: http://pager:8090/alerts' | rendered)" 'url: http://127.0.0.1:8090/alerts'
}

test_addresses_follow_the_settings() {
  echo 'PROMETHEUS_PORT=19090' >.env
  equals "$(echo '[prometheus:9090]' | rendered)" '[127.0.0.1:19090]'
}

test_the_runbooks_url_is_filled_in() {
  echo 'PAGER_PORT=18090' >.env
  equals "$(echo 'runbooks: ${RUNBOOKS_URL}' | rendered)" 'runbooks: http://127.0.0.1:18090/runbooks'
}

test_what_only_looks_like_an_address_stays() {
  local line='job: app, myapp:8080, app:80, the.app:8080'
  equals "$(echo "$line" | rendered)" "$line"
}

test_files_in_folders_are_rendered_and_old_ones_go() {
  mkdir -p prometheus/targets .observer/run/prometheus
  touch .observer/run/prometheus/old.yml
  echo '- targets: [grafana:3000]' >prometheus/targets/grafana.yml
  echo x | rendered
  equals "$(cat .observer/run/prometheus/targets/grafana.yml)" '- targets: [127.0.0.1:3000]'
  [ ! -e .observer/run/prometheus/old.yml ]
}

test_load_has_every_endpoint_of_both_instances() {
  in_scripts '. scripts/lib/render.sh; render vegeta'
  local address request
  for address in 127.0.0.1:8080 127.0.0.1:8081; do
    for request in 'GET %s/ping' 'POST %s/ping' 'GET %s/echo' 'POST %s/echo' 'GET %s/counter' 'GET %s/' \
      'GET %s/lorem/word/4/12'; do
      # shellcheck disable=SC2059 # the formats are those above
      grep -qx "$(printf "$request" "http://$address")" .observer/run/vegeta/targets.http
    done
  done
  local body
  while read -r body; do
    [ -s ".observer/run/vegeta/$body" ]
  done < <(sed -n 's/^@//p' vegeta/targets.http)
}
