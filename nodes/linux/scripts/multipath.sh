# An exception for Longhorn's disks from multipathd, which would take them.
# shellcheck shell=sh
# shellcheck disable=SC2154 # file, vendor, product and content are set before.

# multipathd's maps that have a disk of the same kind which is none of Longhorn's.
foreign_maps() {
  for map in /sys/block/dm-*; do
    case $(cat "$map/dm/uuid" 2>/dev/null) in mpath-*) ;; *) continue ;; esac
    for path in "$map"/slaves/*/device; do
      [ "$(tr -d ' ' <"$path/vendor" 2>/dev/null)" = "$vendor" ] || continue
      session=$(readlink -f "$path" | sed -n 's|.*/\(session[0-9]*\)/.*|\1|p')
      case $(cat "/sys/class/iscsi_session/$session/targetname" 2>/dev/null) in
      iqn.2019-10.io.longhorn:*) ;;
      *) printf '%s ' "$(cat "$map/dm/name")" && break ;;
      esac
    done
  done
}

# Not by asking it, which would start it where a socket waits for that.
runs() { grep -qx multipathd /proc/[0-9]*/comm 2>/dev/null; }

# Whether the exception is in what multipathd goes by.
in_effect() {
  { if runs; then multipathd show config; else multipath -t; fi; } 2>/dev/null </dev/null |
    awk -v vendor="\"$vendor\"" -v product="\"$product\"" '
      /{/ { if (depth++ == 0) section = $1; of = "" }
      /}/ { depth-- }
      $1 == "vendor" { of = $2 }
      $1 == "product" && of == vendor && $2 == product { if (section == "blacklist") found = 1; else excepted = 1 }
      END { exit !(found && !excepted) }'
}

look() {
  has multipathd || is_done "multipathd is not on the node, so nothing has to be excepted from it"
  maps=$(foreign_maps)
  [ -z "$maps" ] ||
    refuse "the node's own disks of the kind $vendor $product have several paths (${maps% })," \
      "and the exception would take those from them." \
      "Nothing was changed. Except Longhorn's disks by hand: docs/backends/longhorn.md"
  [ ! -L "$file" ] ||
    refuse "$file is a symbolic link. Nothing was changed." \
      "Remove it, or make the exception by hand."
  [ -e "$file" ] || is_missing "multipathd has no exception for Longhorn's disks"
  [ "$(cat "$file")" = "$content" ] || is_missing "$file says something else than the config"
  in_effect || is_missing "multipathd doesn't go by $file yet"
  is_done "multipathd leaves Longhorn's disks alone"
}

make() {
  try "$(dirname "$file") could not be made" mkdir -p "$(dirname "$file")"
  printf '%s\n' "$content" >"$file.new" || stop "$file could not be written"
  try "$file could not be written" sync "$file.new"
  try "$file could not be written" mv "$file.new" "$file"
  ! runs || try "multipathd could not take the new $file" multipathd reconfigure
  # The daemon answers before it has read it.
  n=0
  while [ $n -lt 20 ] && ! in_effect; do
    sleep 0.5
    n=$((n + 1))
  done
}
