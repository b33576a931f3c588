import type { Questions } from "../../model/preflight-facts";
import { quote } from "../../model/shell";

/** Where the node's file system is mounted in the pod. */
export const host = "/host";

/** Where a node may have programs; Talos has those of its extensions below /usr/local. */
const programDirectories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** What the probe pod runs: it prints sections of plain text, which `parseProbe` reads, and writes nothing. */
export function probeScript({ paths = [], programs = [] }: Questions): string {
  return `
echo "## mounts"; cat /proc/self/mountinfo
echo "## page"; grep -m 1 ^KernelPageSize: /proc/self/smaps
echo "## modules"; ls /sys/module
echo "## programs"
for name in ${programs.map(quote).join(" ")}; do
  for place in ${programDirectories.join(" ")}; do [ -x "${host}$place/$name" ] && echo "$name"; done
done
echo "## paths"
for path in ${paths.map(quote).join(" ")}; do
  at=$path
  while [ ! -e "${host}$at" ]; do at=\${at%/*}; done
  echo "$path \${at:-/} $(df -Pk "${host}\${at:-/}" | tail -n 1)"
done
echo "## disks"
for disk in /sys/block/*; do
  set -- "$disk"/*/partition "$disk"/holders/*
  used=no
  for sign in "$@"; do [ -e "$sign" ] && used=yes; done
  number=$(cat "$disk/dev")
  grep -q ^E:ID_FS_TYPE= "${host}/run/udev/data/b$number" 2>/dev/null && used=yes
  echo "$(basename "$disk") $number $(cat "$disk/size") $(cat "$disk/ro") $used"
done
# Whether a device, or everything that it lies on, is dm-crypt's.
crypted() (
  case $(cat "/sys/dev/block/$1/dm/uuid" 2>/dev/null) in CRYPT-*) exit 0;; esac
  below=no
  for slave in "/sys/dev/block/$1/slaves"/*/dev; do
    [ -e "$slave" ] || continue
    below=yes; crypted "$(cat "$slave")" || exit 1
  done
  [ $below = yes ]
)
echo "## encryption"
for device in /sys/dev/block/*; do
  number=\${device##*/}
  if crypted "$number"; then state=yes; else state=no; fi
  echo "$number $state $(cat "$device/dm/uuid" 2>/dev/null || echo -) $(cat "$device/dm/name" 2>/dev/null)"
done
echo "## multipath"
for place in ${programDirectories.join(" ")}; do [ -x "${host}$place/multipathd" ] && echo installed; done
for sign in ${host}/run/multipathd.pid ${host}/run/multipathd/* \\
  ${host}/etc/systemd/system/*.wants/multipathd.service; do
  [ -e "$sign" ] || [ -L "$sign" ] && echo runs
done
for file in ${host}/etc/multipath.conf ${host}/etc/multipath/conf.d/*.conf; do
  [ -r "$file" ] && while read -r line || [ -n "$line" ]; do echo ": $line"; done < "$file"
done
echo "## selinux"
echo "enforce $(cat ${host}/sys/fs/selinux/enforce 2>/dev/null)"
echo "domain $(cat /proc/self/attr/current 2>/dev/null)"
for path in ${paths.map(quote).join(" ")}; do
  label=$(getfattr -h -n security.selinux "${host}$path" 2>/dev/null | grep security.selinux=) ||
    label=$(ls -Zd "${host}$path" 2>/dev/null)
  echo "label $path $label"
done
echo "## groups"; ls ${host}/run/lvm/vgs_online ${host}/etc/lvm/backup 2>/dev/null
echo "## end"
`;
}
