# shellcheck shell=bash
# The bill of materials: exactly what cargo links.

# compare LINKED...: a bill of materials of `app` with `used` and `unused`, against these lines of cargo tree.
compare() {
  cat >written <<'END'
{"metadata": {"component": {"bom-ref": "a", "name": "app", "version": "0.1.0"}},
 "components": [{"bom-ref": "u", "name": "used", "version": "1.0.0"}, {"bom-ref": "n", "name": "unused", "version": "2.0.0"}],
 "dependencies": [{"ref": "a", "dependsOn": ["n", "u"]}, {"ref": "n", "dependsOn": ["u"]}, {"ref": "u"}]}
END
  printf '%s\n' "$@" >linked
  python3 "$PWD/scripts/lib/sbom.py" written linked result
}

test_what_is_not_linked_is_left_out() {
  succeeds compare "app v0.1.0 (/somewhere)" "used v1.0.0" "used v1.0.0 (*)"
  says '1 crates, each that cargo links; 1 left out'
  grep -q '"used"' result
  fails grep unused result
  fails grep '"n"' result
}

test_what_is_linked_must_be_there() {
  fails compare "app v0.1.0" "used v1.0.0" "hidden v3.0.0" "used v1.1.0"
  says 'not in the bill of materials: hidden 3.0.0, used 1.1.0'
  [ ! -e result ]
}
