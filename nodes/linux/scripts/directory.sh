# A directory. Its contents are left alone.
# shellcheck shell=sh
# shellcheck disable=SC2154 # path, mode and owner ("" where the config says none) are set before.

look() {
  if [ -n "${lasting:-}" ]; then
    above=$path
    while [ -n "$above" ] && [ ! -e "$above" ]; do above=${above%/*}; done
    case $(stat -f -c %T "${above:-/}") in tmpfs | ramfs | rootfs)
      refuse "$path would be in memory, and empty after the next start of the node." \
        "Name a path on its disk, such as /data/local-path: docs/minikube.md"
      ;;
    esac
  fi
  [ ! -L "$path" ] ||
    refuse "$path is a symbolic link to $(readlink "$path"), and volumes need a directory." \
      "Name that directory in the config."
  if [ ! -e "$path" ]; then
    above=$path
    while [ -n "$above" ] && [ ! -e "$above" ]; do above=${above%/*}; done
    [ -d "${above:-/}" ] || refuse "$above is no directory, so $path can't be made. Name another path."
    [ -w "${above:-/}" ] ||
      refuse "${above:-/} is read-only on this node, so $path can't be made." \
        "Name a path that can be written to."
    is_anew "$path is not there"
  fi
  [ -d "$path" ] ||
    refuse "$path is there and is no directory. Name another path, or move away what is there."
  is=$(stat -c %a "$path")
  [ -z "$mode" ] || [ "$is" = "$mode" ] || is_missing "$path has the mode $is, and the config says $mode"
  is=$(stat -c %u:%g "$path")
  [ -z "$owner" ] || [ "$is" = "$owner" ] || is_missing "$path belongs to $is, and the config says $owner"
  is_done "the directory $path is there"
}

make() {
  try "$path could not be made" mkdir -p "$path"
  [ -z "$owner" ] || try "the owner of $path could not be set" chown "$owner" "$path"
  [ -z "$mode" ] || try "the mode of $path could not be set" chmod "$mode" "$path"
}
