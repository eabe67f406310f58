# shellcheck shell=bash
# A folder outside the project, for what cannot be in .observer: a database whose user may not enter the project's
# folder, a socket whose path would be too long. The sum of the project's path tells clones apart.

OUTSIDE=/var/tmp/observer-$(printf '%s' "$ROOT" | cksum | cut -d ' ' -f 1)

# make_parent PATH: the folder of a file. Outside, its name can be guessed, so one that is somebody else's is refused.
make_parent() {
  case $1 in
    "$OUTSIDE"/*)
      mkdir -m 711 "$OUTSIDE" 2>/dev/null || true
      if [ -L "$OUTSIDE" ] || [ ! -O "$OUTSIDE" ]; then
        say "$OUTSIDE belongs to somebody else: remove it, or clone into another folder."
        return 1
      fi
      ;;
  esac
  mkdir -p "$(dirname "$1")"
}
