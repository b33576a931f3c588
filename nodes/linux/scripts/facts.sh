# What the checks of preflight ask about a node, besides its steps.
# shellcheck shell=sh

facts() { # PATHS
  printf 'root\t%s\n' "$(id -u)"
  if has multipathd; then
    printf 'multipathd\t%s\n' "$(grep -qx multipathd /proc/[0-9]*/comm 2>/dev/null && printf runs || printf rests)"
    for file in /etc/multipath.conf /etc/multipath/conf.d/*.conf; do
      [ ! -r "$file" ] || sed 's/^/multipath.conf\t/' "$file"
    done
  fi
  printf 'enforce\t%s\n' "$(cat /sys/fs/selinux/enforce 2>/dev/null)"
  for path in "$@"; do
    label=$(stat -c %C "$path" 2>/dev/null)
    [ -z "$label" ] || printf 'label\t%s\t%s\n' "$path" "$label"
  done
}
