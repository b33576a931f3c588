# Block devices: what proves that one is empty, and the marks of work that was begun on one.
# shellcheck shell=sh

marks=/var/lib/cluster-storage/begun

# The directory in /sys of a block device.
sys_of() { printf '/sys/class/block/%s' "$(basename "$(readlink -f "$1")")"; }

# A line that tells this disk from another one that has come to its name: its size and serial number. Of a disk without
# one the kernel's number of this appearance, which ends with a restart.
identity() {
  sys=$(sys_of "$1")
  printf '%s' "$(cat "$sys/size")"
  serial=
  for file in wwid device/wwid device/serial serial dm/uuid; do
    [ ! -s "$sys/$file" ] || serial=$serial$(tr -s ' \n' '_' <"$sys/$file")
  done
  for file in diskseq ../diskseq; do
    [ -n "$serial" ] || [ ! -r "$sys/$file" ] || serial=$(cat "$sys/$file")
  done
  printf ' %s %s' "$serial" "$(cat "$sys/partition" "$sys/start" 2>/dev/null | tr '\n' ' ')"
}

mark_of() { printf '%s/%s' "$marks" "$(printf %s "$1" | cksum | tr ' ' -)"; }

# Notes, before the first byte is written, that a device was proven empty and what is begun on it.
begin() { # NAME DEVICE WHAT
  try "$marks could not be made" mkdir -p "$marks"
  mark=$(mark_of "$1")
  { identity "$2" && printf '\n%s\n' "$3"; } >"$mark.new" || stop "$mark could not be written"
  try "$mark could not be written" sync "$mark.new"
  try "$mark could not be written" mv "$mark.new" "$mark"
}

# What was begun on this very device and not finished; nothing where there is no such thing.
begun() { # NAME DEVICE
  mark=$(mark_of "$1")
  [ -r "$mark" ] || return 0
  [ "$(sed -n 1p "$mark")" != "$(identity "$2")" ] || sed -n 2p "$mark"
}

finish() { rm -f "$(mark_of "$1")"; } # NAME

# Who uses a device; nothing where nobody does.
used_by() {
  sys=$(sys_of "$1")
  set -- "$1" "$sys"/holders/*
  [ ! -e "$2" ] || { printf 'it is in use by %s' "$(basename "$2")"; return; }
  set -- "$1" "$sys"/*/partition
  [ ! -e "$2" ] || { printf 'it has partitions (%s)' "$(basename "$(dirname "$2")")"; return; }
  ! grep -q "^$(readlink -f "$1")[[:space:]]" /proc/swaps || { printf 'it is swap space'; return; }
  mounted=$(awk -v number="$(cat "$sys/dev")" '$3 == number { print $5; exit }' /proc/self/mountinfo)
  [ -z "$mounted" ] || printf 'it is mounted at %s' "$mounted"
}

# What is recognised on a device, such as ext4 or gpt; nothing where blkid is sure that there is nothing.
signature() {
  found=$(blkid -p -o export "$1" 2>/dev/null)
  [ $? = 2 ] && return
  found=$(printf '%s\n' "$found" | sed -n -e 's/^TYPE=//p' -e 's/^PTTYPE=//p')
  flat "${found:-something that blkid is not sure of}"
}

# Whether all bytes in a part of a device are zero.
zero() { cmp -s -i "$2:0" -n "$3" "$1" /dev/zero; } # DEVICE FROM BYTES

# Whether a device is zero from a place on. A large one is read in part: its ends, and 63 places in between. What has no
# signature, such as plain dm-crypt or a database's own disk, shows in its bytes only.
all_zero() { # DEVICE FROM
  size=$(blockdev --getsize64 "$1") || return 1
  part=67108864
  if [ "$size" -le $((16 * part)) ]; then
    zero "$1" "$2" $((size - $2))
    return
  fi
  zero "$1" "$2" $part || return 1
  zero "$1" $((size - part)) $part || return 1
  n=1
  while [ $n -lt 64 ]; do
    zero "$1" $((size * n / 64)) 1048576 || return 1
    n=$((n + 1))
  done
}

# Why a device is not proven empty; nothing where it is. Everything that isn't sure counts as not empty.
why_not_empty() {
  for tool in blkid wipefs cmp blockdev; do
    has $tool || { printf 'the node has no %s, which could tell' $tool; return; }
  done
  [ "$(cat "$(sys_of "$1")/ro")" = 0 ] || { printf 'it is read-only'; return; }
  found=$(used_by "$1")
  [ -z "$found" ] || { printf '%s' "$found"; return; }
  found=$(signature "$1")
  [ -z "$found" ] || { printf 'it holds %s' "$found"; return; }
  found=$(wipefs -n "$1" 2>&1) || { printf 'wipefs could not read it'; return; }
  [ -z "$found" ] || { printf 'it has a signature (%s)' "$(printf '%s\n' "$found" | tail -n 1 | tr -s ' ')"; return; }
  all_zero "$1" 0 || printf 'it has bytes other than zero'
}
