# A file system, mounted at each start. It is made only on a device that is proven empty.
# shellcheck shell=sh
# shellcheck disable=SC2154 # point, device, filesystem and options are set before.

fstab=/etc/fstab
mark_line() { printf '%s' "# cluster-storage: pulumi up wrote the next line, for $point"; }

# Sets dev to the device by the kernel's name, or refuses.
find_device() {
  case $device in
  UUID=* | LABEL=*)
    found=$(blkid -c /dev/null -o device -t "$device")
    case $found in
    "")
      refuse "no device of the node has $device. It has:" \
        "$(blkid -c /dev/null -o value -s "${device%%=*}" | tr '\n' ' ')"
      ;;
    *"
"*)
      refuse "several devices have $device: $(flat "$found"). Name one of them by /dev/disk/by-id."
      ;;
    esac
    ;;
  *)
    [ -e "$device" ] || refuse "the node has no device $device. It has: $(disks)"
    found=$device
    ;;
  esac
  dev=$(readlink -f "$found")
  [ -b "$dev" ] || refuse "$device is no block device."
}

value_of() { blkid -p -o value -s "$1" "$dev" 2>/dev/null; }

# The UUID of the file system that a killed update had begun on the device, unless the device has another one now.
begun_uuid() {
  [ -z "$(value_of UUID)$(value_of TYPE)$(value_of PTTYPE)" ] || [ "$(value_of UUID)" = "$(begun_there)" ] || return 0
  begun_there
}
begun_there() { begun "$device" "$dev" | sed -n 's/^file system //p'; }

# Fields of the entry for the mount point, such as $1 for its source; `ours` where the line above is our mark.
entry() {
  [ ! -e $fstab ] || awk -v point="$point" -v mark="$(mark_line)" '
    $1 !~ /^#/ && $2 == point { print $1, $3, $4, (above == mark ? "ours" : "own") }
    { above = $0 }' $fstab
}

refuse_unless_empty() {
  why=$(why_not_empty "$dev")
  [ -z "$why" ] ||
    refuse "$device is not empty: $why. No file system was made on it." \
      "Name a device that holds nothing;" \
      "or make the file system by hand, once you know that nothing on it is needed:" \
      "mkfs.$filesystem $device"
}

look() {
  find_device
  there=$(findmnt -rn -o MAJ:MIN,OPTIONS --mountpoint "$point" | tail -n 1)
  number=$(cat "$(sys_of "$dev")/dev")
  type=$(value_of TYPE)
  if [ -n "$there" ]; then
    [ "${there%% *}" = "$number" ] ||
      refuse "something else is mounted at $point:" \
        "$(findmnt -rn -o SOURCE --mountpoint "$point" | tail -n 1). It was left as it is." \
        "Unmount it by hand, or name another path."
    case ,${there#* }, in *,ro,*)
      refuse "$device is mounted read-only at $point." \
        "The kernel does that after faults of the disk: dmesg says more."
      ;;
    esac
  fi
  [ -L $fstab ] &&
    refuse "$fstab is a symbolic link, so the node's system writes it. Declare the mount there."
  line=$(entry)
  [ "$(printf '%s\n' "$line" | wc -l)" -le 1 ] ||
    refuse "$fstab has several entries for $point. Leave one of them."
  begun=$(begun_uuid)
  if [ -n "$there" ] || { [ -n "$type" ] && [ -z "$begun" ]; }; then
    [ "$type" = "$filesystem" ] ||
      refuse "$device holds ${type:-something other than a file system}, and the config says $filesystem." \
        "It was left as it is. Name what it holds, or another device."
  elif [ -z "$begun" ]; then
    refuse_unless_empty
  fi
  if [ -z "$there" ]; then
    [ ! -L "$point" ] || refuse "$point is a symbolic link. Name the directory itself."
    [ ! -e "$point" ] || [ -d "$point" ] || refuse "$point is there and is no directory. Name another path."
    [ ! -d "$point" ] || [ -z "$(ls -A "$point")" ] ||
      refuse "$point has files in it, which the mount would hide:" \
        "$(flat "$(find "$point" -mindepth 1 -maxdepth 1 | sort | head -n 3)")." \
        "They were left as they are. Move them away, or name another path."
    used=$(used_by "$dev")
    [ -z "$used" ] || refuse "$device can't be mounted at $point: $used. It was left as it is."
  fi
  if [ -n "$line" ]; then
    # shellcheck disable=SC2086
    set -- $line
    source=$(findfs "$1" 2>/dev/null || printf %s "$1")
    [ "$(readlink -f "$source")" = "$dev" ] ||
      refuse "$fstab has an entry of another device for $point: $1. It was left as it is." \
        "Take it out by hand, or name another path."
    [ "$2" = "$filesystem" ] || [ "$2" = auto ] ||
      refuse "$fstab has an entry for $point with the file system $2, and the config says $filesystem." \
        "It was left as it is."
    [ "$4" = own ] || [ "$3" = "$options" ] || is_missing "$fstab has other options for $point: $3"
  fi
  if [ -z "$type" ] || [ -n "$begun" ]; then is_anew "$device has no file system yet"; fi
  [ -n "$there" ] || is_missing "$device has a file system ($type), and is not mounted at $point"
  [ -n "$line" ] || is_missing "$device is mounted at $point, and $fstab has no entry for it"
  is_done "$device is mounted at $point ($type)"
}

# Whether a file system that a killed update had begun is whole.
is_whole() {
  case $filesystem in
  ext4) e2fsck -fn "$dev" >/dev/null 2>&1 9>&- ;;
  xfs) xfs_repair -n "$dev" >/dev/null 2>&1 9>&- ;;
  esac
}

make_file_system() {
  has "mkfs.$filesystem" ||
    stop "the node has no mkfs.$filesystem;" \
      "add $([ "$filesystem" = xfs ] && echo xfsprogs || echo e2fsprogs) to the node's packages"
  uuid=$(begun_uuid)
  if [ -z "$uuid" ]; then
    # Since the look the name may lead to another disk, or blkid may have failed.
    refuse_unless_empty
    uuid=$(cat /proc/sys/kernel/random/uuid)
    begin "$device" "$dev" "file system $uuid"
  elif [ "$(value_of UUID)" = "$uuid" ] && is_whole; then
    finish "$device"
    return
  fi
  # By its UUID, a file system that is left half-made is known as ours. Only then is it made once more.
  case $filesystem in
  ext4) try "mkfs.ext4 failed on $device" mkfs.ext4 -q -U "$uuid" "$dev" ;;
  xfs)
    if [ "$(value_of UUID)" = "$uuid" ]; then
      try "mkfs.xfs failed on $device" mkfs.xfs -q -f -m "uuid=$uuid" "$dev"
    else
      try "mkfs.xfs failed on $device" mkfs.xfs -q -m "uuid=$uuid" "$dev"
    fi
    ;;
  esac
  try "$device could not be written" sync
  [ "$(value_of UUID)" = "$uuid" ] ||
    stop "mkfs.$filesystem ended, and $device has no file system with the UUID $uuid"
  finish "$device"
}

write_entry() {
  line=$(entry)
  case $line in *" own") return ;; esac
  [ -e $fstab ] || : >$fstab
  try "$fstab could not be copied" cp -p $fstab $fstab.cluster-storage
  awk -v point="$point" -v mark="$(mark_line)" '
    $0 == mark { next }
    $1 !~ /^#/ && $2 == point { next }
    { print }' $fstab >$fstab.cluster-storage || stop "$fstab could not be read"
  printf '%s\nUUID=%s %s %s %s 0 %s\n' "$(mark_line)" "$(value_of UUID)" "$point" "$filesystem" "$options" \
    "$([ "$filesystem" = xfs ] && echo 0 || echo 2)" >>$fstab.cluster-storage ||
      stop "$fstab could not be written"
  try "$fstab could not be written" sync $fstab.cluster-storage
  try "$fstab could not be written" mv $fstab.cluster-storage $fstab
}

make() {
  find_device >/dev/null
  there=$(findmnt -rn -o TARGET --mountpoint "$point")
  if [ -z "$(value_of TYPE)" ] || [ -n "$(begun_uuid)" ]; then make_file_system; fi
  if [ -z "$there" ]; then
    try "$point could not be made" mkdir -p "$point"
    # While nothing is mounted, nothing can be written here, where it would fill the node's own disk.
    ! has chattr || chattr +i "$point" 2>/dev/null
  fi
  write_entry
  [ ! -d /run/systemd/system ] || try "systemd didn't take the new $fstab" systemctl daemon-reload
  if [ -z "$there" ]; then
    try "$point could not be mounted" mount "$point"
  else
    try "$point could not be mounted with its new options" mount -o remount "$point"
  fi
  finish "$device"
}
