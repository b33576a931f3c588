# An LVM volume group of whole devices.
# shellcheck shell=sh
# shellcheck disable=SC2154 # group and devices are set before.

# The devices of the config by the kernel's names, a line each.
wanted() { for device in $devices; do readlink -f "$device"; done | sort; }

# LVM asks nobody here, and takes its own locks.
lvm_says() { "$@" --noheadings </dev/null 2>/dev/null | tr -d ' ' | sort; }

# Whether an update that was killed has begun the group on the device, and nobody else has written there since. LVM
# writes into the first MiB only.
goes_on() {
  [ -n "$(begun "$1" "$1")" ] && [ -z "$(used_by "$1")" ] || return 1
  case $(signature "$1") in "" | LVM2_member) all_zero "$1" 1048576 ;; *) return 1 ;; esac
}

look() {
  for device in $devices; do
    [ -e "$device" ] || refuse "the node has no device $device. It has: $(disks)"
    [ -b "$device" ] || refuse "$device is no block device."
  done
  if has vgs && vgs "$group" >/dev/null 2>&1; then
    there=$(lvm_says vgs -o pv_name "$group")
    case $there in *unknown*)
      refuse "the volume group $group lacks one of its devices. It was left as it is." \
        "vgs -o +pv_name $group shows it."
      ;;
    esac
    names=$(for device in $there; do readlink -f "$device"; done | sort)
    [ "$names" = "$(wanted)" ] ||
      refuse "the volume group $group is there and has $(flat "$there"), not $devices." \
        "It was left as it is. Name its devices in the config, or extend it by hand:" \
        "vgextend $group DEVICE"
    is_done "the volume group $group is there"
  fi
  for device in $devices; do
    other=
    ! has pvs || other=$(lvm_says pvs -o vg_name "$(readlink -f "$device")")
    [ -z "$other" ] ||
      refuse "$device belongs to the volume group $other. It was left as it is." \
        "Name a device that holds nothing."
    ! goes_on "$device" || continue
    why=$(why_not_empty "$device")
    [ -z "$why" ] ||
      refuse "$device is not empty: $why. It was left as it is. Name a device that holds nothing;" \
        "or make the group by hand, once you know that nothing on it is needed:" \
        "vgcreate $group $devices"
  done
  is_anew "there is no volume group $group"
}

make() {
  has vgcreate || stop "the node has no vgcreate; add lvm2 to the node's packages"
  for device in $devices; do begin "$device" "$device" "volume group $group"; done
  # Without -f and -y: LVM refuses a device with a signature, since nobody answers its question.
  # shellcheck disable=SC2046
  try "vgcreate failed" vgcreate "$group" $(wanted)
  for device in $devices; do finish "$device"; done
}
