#!/bin/sh
# An attack at a constant rate, then its report on stdout and its plot as HTML.
#
#   attack.sh RATE DURATION FOLDER      e.g. attack.sh 40 5m /tmp/load
#
# RATE is requests a second. FOLDER receives results.bin, report.txt and plot.html. It runs in the folder that
# holds targets.http, because the bodies that this file names are looked up from the working directory.
# The tool is vegeta, or trunks, which reads the same targets.
set -eu

rate=$1 duration=$2 folder=$3
results=$folder/results.bin

if command -v vegeta >/dev/null; then
  tool=vegeta
  set -- vegeta attack -name observer
elif command -v trunks >/dev/null; then
  tool=trunks
  # Without a bound on workers trunks waits for answers before it sends more: a closed loop, which a slow
  # service would slow down, and so flatter.
  set -- trunks attack --name observer --max-workers 500
else
  echo "attack.sh: neither vegeta nor trunks is on the PATH" >&2
  exit 1
fi

# Ctrl-C ends the attack early. The report still comes.
trap : INT
# An absolute path: by it the local runtime tells its own attack from any other.
"$@" --targets="$PWD/targets.http" --rate="$rate" --duration="$duration" --output="$results" || [ -s "$results" ]

"$tool" plot --title "observer: $rate requests/s for $duration" "$results" >"$folder/plot.html"
"$tool" report "$results" | tee "$folder/report.txt"
