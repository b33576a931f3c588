# Makes an instance's own view of the machine. Runs once, inside its fresh namespaces, as root.
# Environment: DIR (the instance's directory), CACHE (the tools are in it), NODE, PREFIX, POD_GATEWAY, POD_PREFIX, SERVICES.
# All mounts are still private here: nothing of this is seen outside.
set -eu

mount -t tmpfs -o mode=755 run /run
mkdir -p /run/stash/dir /run/stash/cache /run/stash/cgroup /run/tunables /run/lock
mount --bind "$DIR" /run/stash/dir
mount --bind "$CACHE" /run/stash/cache

# A sysfs shows the network devices of the namespace that mounted it.
mount --rbind /sys/fs/cgroup /run/stash/cgroup
mount -t sysfs sysfs /sys
mount --rbind /run/stash/cgroup /sys/fs/cgroup
umount -R /run/stash/cgroup

# The kubelet and the CNI library have fixed paths below these; a kubelet or container engine of the
# machine's own must not meet ours there.
mount -t tmpfs -o mode=755 lib /var/lib
mount -t tmpfs -o mode=755 log /var/log
for place in /var/lib/kubelet:kubelet /var/lib/containerd:containerd /var/log/pods:pod-logs; do
  mkdir -p "${place%%:*}" "/run/stash/dir/${place##*:}"
  mount --bind "/run/stash/dir/${place##*:}" "${place%%:*}"
done
# What those tmpfs may have hidden.
for place in "$DIR:dir" "$CACHE:cache"; do
  case "${place%:*}" in /var/lib/* | /var/log/*)
    mkdir -p "${place%:*}"
    mount --bind "/run/stash/${place##*:}" "${place%:*}" ;;
  esac
done
umount /run/stash/dir /run/stash/cache

# The kubelet refuses to run unless these are so. They are the whole machine's, so it is shown the values it
# wants, and the machine keeps its own.
tunable() {
  echo "$2" >"/run/tunables/$(basename "$1")"
  mount --bind "/run/tunables/$(basename "$1")" "/proc/sys/$1"
}
tunable vm/overcommit_memory 1
tunable vm/panic_on_oom 0
tunable kernel/panic 10
tunable kernel/panic_on_oops 1
tunable kernel/keys/root_maxkeys 1000000
tunable kernel/keys/root_maxbytes 25000000

# As on a node: mounts are shared between the instance's components and its pods, and still with nobody else.
mount --make-rshared /

ip link set lo up
ip address add "$NODE/$PREFIX" dev eth0
ip link set eth0 up
# The bridge plugin would make the bridge with the first pod; CoreDNS listens on it before that.
ip link add cni0 type bridge
ip address add "$POD_GATEWAY/$POD_PREFIX" dev cni0
ip link set cni0 up
# So that the node itself can open a connection to a service's address, which kube-proxy then redirects.
# There is no default route: nothing but the machine itself is within a pod's reach.
ip route add "$SERVICES" dev cni0
echo 1 >/proc/sys/net/ipv4/ip_forward
[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || { echo "the kernel has no br_netfilter" >&2; exit 1; }
echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables

: >/run/cluster-storage-ready
