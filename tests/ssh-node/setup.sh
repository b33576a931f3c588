# Makes a node's own view of the machine, then waits for its end. Runs as process 1 of fresh namespaces, as root.
# Arguments: the Debian file system, a name that marks the process. All mounts are private: nothing of this is seen outside.
set -eu
root=$1
# A tmpfs: what the node writes goes with its namespace. mount points are made in one that is not changed.
mount -t tmpfs -o mode=755,size=512m node /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o "lowerdir=$root,upperdir=/mnt/upper,workdir=/mnt/work" node /mnt/root
cd /mnt/root
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 run run
mkdir -p run/sshd run/lock run/lvm
# Only the disks that a test gives the node.
mount -t tmpfs -o mode=755 dev dev
mkdir dev/pts dev/disk dev/disk/by-id dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for device in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "dev/${device%:*}" c 1 "${device#*:}"; done
mknod -m 666 dev/tty c 5 0
mkdir -p .machine
pivot_root . .machine
cd /
umount -l /.machine
rmdir /.machine
chmod 1777 /tmp
ssh-keygen -q -A
: >/run/node-ready
while :; do sleep 86400 & wait; done
