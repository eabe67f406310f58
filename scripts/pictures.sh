#!/usr/bin/env bash
# Takes the pictures of the README from the running stack, with headless Chromium, into docs/pictures/.
#
#   make pictures                       all of them: five minutes
#   make pictures PICTURE=dashboard     one of: faults alert pager dashboard
#
# For all but the dashboard it injects an error burst at beta until HighErrorRate is on the pager, with a load of ten
# minutes, which replaces one that is still running. Ctrl-C ends the burst, too. The charts are filled when the stack has
# been running for a quarter of an hour.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

PICTURES="faults alert pager dashboard"
FOLDER=$ROOT/docs/pictures

case " $PICTURES " in
  *" ${1:-dashboard} "*) ;;
  *) die "PICTURE: found '$1', expected one of: $PICTURES" "make pictures takes them all." ;;
esac
use_started_runtime
# shellcheck source=ci/apt.sh
. "$ROOT/ci/apt.sh"
# shellcheck source=ci/browser.sh
. "$ROOT/ci/browser.sh"
for port in CONSOLE_PORT BETA_CONTROL_PORT PAGER_PORT PROMETHEUS_PORT; do
  port_answers "${!port}" || die "nothing answers on ${!port} ($port)" "make status says what runs; make start_observer starts the rest."
done
export_addresses
need_browser
if [ "${1:-}" != dashboard ]; then
  DURATION=10m
  step load "$(load_detail)" runtime_load_background "$RATE" "$DURATION"
fi
in_browser pictures "$(command -v chromium)" "$FOLDER" ${1:+"$1"}
