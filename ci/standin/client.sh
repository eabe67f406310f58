#!/bin/sh
# Asks each of the services each second, with a new connection each time. Prints a line for each answer: the time, the
# URL, and `served` or what went wrong.

while sleep 1; do
  for service in app beta; do
    for path in ping echo; do
      url=http://$service:8080/$path
      answer=$(timeout 10 wget -q -O /dev/null "$url" 2>&1) && answer=served
      echo "$(date +%s) $url $answer"
    done
  done
done
