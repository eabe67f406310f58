# shellcheck shell=bash
# A folder outside the project for what cannot be in .observer: a database whose user has no access to the project's
# folder, a socket whose path would be too long. The checksum of the project's path keeps clones apart.

OUTSIDE=/var/tmp/observer-$(printf '%s' "$ROOT" | cksum | cut -d ' ' -f 1)

# make_parent PATH: makes the folder of a file. Outside the project its name is predictable, so one that belongs to another
# user is refused.
make_parent() {
  case $1 in
    "$OUTSIDE"/*)
      mkdir -m 711 "$OUTSIDE" 2>/dev/null || true
      if [ -L "$OUTSIDE" ] || [ ! -O "$OUTSIDE" ]; then
        say "$OUTSIDE belongs to another user: remove it, or clone into another folder."
        return 1
      fi
      ;;
  esac
  mkdir -p "$(dirname "$1")"
}
