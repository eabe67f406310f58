# shellcheck shell=bash
# The pictures of the README.

test_unknown_picture_is_named() {
  fails make pictures PICTURE=sunset
  says "PICTURE: found 'sunset', expected one of: faults alert pager dashboard"
}

test_pictures_of_a_stack_that_does_not_answer_name_the_port() {
  mkdir -p .observer ci
  echo local >.observer/runtime
  cp "$repository"/ci/{apt,browser}.sh ci
  # Ports on which nothing listens.
  fails env CONSOLE_PORT=1 BETA_CONTROL_PORT=2 PAGER_PORT=3 PROMETHEUS_PORT=4 make pictures
  says 'nothing answers on 1 (CONSOLE_PORT)'
  says 'make start_observer'
}

test_each_picture_is_in_the_readme_and_at_most_200_kb() {
  local names name size
  names=$(sed -n 's/^PICTURES="\(.*\)"/\1/p' scripts/pictures.sh)
  [ -n "$names" ]
  for name in $names; do
    grep -qF "](docs/pictures/$name.webp)" "$repository/README.md" || die_of "$name is not in the README"
    size=$(wc -c <"$repository/docs/pictures/$name.webp")
    [ "$size" -le 200000 ] || die_of "$name.webp: $size bytes"
  done
}
