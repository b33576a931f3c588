# A rule of SELinux that containers may write to a directory, and the label itself.
# shellcheck shell=sh
# shellcheck disable=SC2154 # path, pattern (its form in a rule) and type are set before.

type_of() { printf '%s' "$1" | cut -d : -f 3; }

look() {
  [ "$(cat /sys/fs/selinux/enforce 2>/dev/null)" = 1 ] ||
    is_done "SELinux is not enforced on the node, so $path needs no label"
  [ -d "$path" ] || is_missing "$path is not there yet"
  is=$(type_of "$(stat -c %C "$path")")
  [ "$is" = "$type" ] || is_missing "$path has the label $is, which containers may not write to"
  if has matchpathcon; then
    is=$(type_of "$(matchpathcon -n "$path")")
    [ "$is" = "$type" ] ||
      is_missing "no rule keeps the label of $path: the next relabelling would make it $is"
  fi
  is_done "$path has the label $type"
}

make() {
  [ -d "$path" ] || stop "$path is not there; add it to the node's directories or mounts"
  has semanage || stop "the node has no semanage; add semanage-utils to the node's packages"
  if ! semanage fcontext -a -t "$type" "$pattern" >/dev/null 2>&1 </dev/null 9>&-; then
    # There is a rule for it already, or the node's policy doesn't know the label.
    try "the rule could not be made (container-selinux brings the label $type)" \
      semanage fcontext -m -t "$type" "$pattern"
  fi
  # Only the type: levels of volumes in use stay as they are.
  try "$path could not be labelled" restorecon -R "$path"
}
