# shellcheck shell=bash
# A dashboard of Grafana, into its file.

FILES=grafana/source/dashboards

# a_grafana DASHBOARD...: a stand-in that serves these files. It ends with the test's shell.
a_grafana() {
  python3 "$repository/tests/scripts/grafana_stand_in.py" "$sandbox/port" "$@" &
  stand_in=$!
  trap 'kill "$stand_in"; rm -rf "$sandbox"' EXIT
  local patience=600
  until [ -e "$sandbox/port" ]; do
    [ $((patience -= 1)) -gt 0 ] || die_of "the stand-in of Grafana does not start"
    sleep 0.1
  done
  printf '%s\n' "GRAFANA_PORT=$(<"$sandbox/port")" GRAFANA_PASSWORD=right >.env
}

copy_dashboards() {
  mkdir -p "$FILES"
  cp "$repository/$FILES"/*.json "$FILES"
}

# edited FILE PYTHON: prints the dashboard after these statements on `it`.
edited() {
  python3 -c "import json, sys; it = json.load(open(sys.argv[1])); exec(sys.argv[2]); print(json.dumps(it))" "$1" "$2"
}

test_saving_an_unchanged_dashboard_changes_no_byte() {
  copy_dashboards
  a_grafana "$FILES"/*.json
  local file uid
  for file in "$FILES"/*.json; do
    uid=$(edited "$file" 'it = it["uid"]' | tr -d '"')
    succeeds make save_dashboard UID="$uid"
    says "${file##*/}: unchanged"
    cmp "$file" "$repository/$file"
  done
  equals "$(ls -A "$FILES")" "$(ls -A "$repository/$FILES")"
}

test_only_what_was_changed_in_grafana_differs() {
  copy_dashboards
  edited "$FILES/slo.json" 'it["panels"][1]["title"] = "Renamed"; it["panels"].insert(1, it["panels"][2] | {"id": 99, "title": "Added"})' >changed.json
  a_grafana changed.json
  succeeds make save_dashboard UID=slo
  says 'slo.json: changed'
  grep -q '"title": "Renamed"' "$FILES/slo.json"
  # One line for the title; the rest is the panel that was added.
  equals "$(diff "$repository/$FILES/slo.json" "$FILES/slo.json" | grep -c '^<')" 1
  fails grep -E '"(version|iteration|pluginVersion|meta|builtIn)"' "$FILES/slo.json"
}

test_new_dashboard_is_named_by_its_title_and_takes_the_data_source_of_the_variable() {
  copy_dashboards
  edited "$FILES/slo.json" 'it = {"uid": "fresh", "title": "Fresh: a Try!", "schemaVersion": 41, "panels": [{"id": 1, "type": "stat", "targets": [{"refId": "A", "expr": "up", "datasource": {"type": "prometheus", "uid": "prometheus"}}]}]}' >new.json
  a_grafana new.json
  succeeds make save_dashboard UID=fresh
  says 'fresh-a-try.json: new, with the uid fresh-a-try: delete fresh in Grafana'
  local variable
  variable=$(edited "$FILES/fresh-a-try.json" 'it = it["templating"]["list"][0]["name"]')
  equals "$variable" '"datasource"'
  equals "$(grep -c '"uid": "prometheus"' "$FILES/fresh-a-try.json")" 0
  grep -qF '"uid": "${datasource}"' "$FILES/fresh-a-try.json"
  grep -qF '"uid": "fresh-a-try"' "$FILES/fresh-a-try.json"
}

test_file_is_found_by_its_uid_whatever_it_is_called() {
  copy_dashboards
  a_grafana "$FILES/slo.json"
  mv "$FILES/slo.json" "$FILES/objectives.json"
  succeeds make save_dashboard UID=slo
  says 'objectives.json: unchanged'
  [ ! -e "$FILES/slo.json" ]
}

test_title_of_another_dashboard_is_not_taken() {
  copy_dashboards
  edited "$FILES/slo.json" 'it["uid"] = "copy"' >copy.json
  a_grafana copy.json
  fails make save_dashboard UID=copy
  says "title: found 'SLO', expected another than that of slo.json, whose uid is slo"
  cmp "$FILES/slo.json" "$repository/$FILES/slo.json"
}

test_unknown_uid_lists_the_known_ones() {
  copy_dashboards
  a_grafana "$FILES/slo.json" "$FILES/alerting.json"
  local uid
  for uid in none '' '../search' "'; touch ran; '" '$(touch ran)'; do
    fails make save_dashboard UID="$uid"
    says "UID: found '$uid', expected that of a dashboard in Grafana"
    says 'slo                   SLO'
    says 'alerting              Alerting'
  done
  [ ! -e ran ]
}

test_what_is_no_dashboard_is_refused() {
  copy_dashboards
  edited "$FILES/slo.json" 'it = {"uid": "slo", "title": "SLO", "elements": {}, "layout": {}}' >changed.json
  a_grafana changed.json
  fails make save_dashboard UID=slo
  says 'dashboard slo is not valid: panels: found null, expected a list of panels'
  cmp "$FILES/slo.json" "$repository/$FILES/slo.json"
}

test_wrong_password_and_a_grafana_that_is_away_are_named() {
  copy_dashboards
  a_grafana "$FILES/slo.json"
  fails env GRAFANA_PASSWORD=wrong make save_dashboard UID=slo
  says 'found status 401, expected 200; GRAFANA_PASSWORD is not that of its admin'
  says 'Grafana says: {"message": "Invalid username or password"}'
  # A port on which nothing listens.
  fails env GRAFANA_PORT=1 make save_dashboard UID=slo
  says 'Grafana does not answer at http://127.0.0.1:1'
  says 'Connection refused'
}

test_malformed_file_is_named() {
  copy_dashboards
  echo '{' >"$FILES/slo.json"
  fails make save_dashboard UID=slo
  says 'slo.json: no valid JSON: '
}
