/**
 * What the provisioners of this program's backends can do. Written by `npm run golden` from backends/, and held to it
 * by a test: change it there.
 */

/** Access modes by a provisioner's name; `*` stands for any part of a name. */
export const accessModes: Record<string, string[]> = {
  "rancher.io/*": ["ReadWriteOnce", "ReadWriteOncePod"],
  "driver.longhorn.io": ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"],
  "nfs.csi.k8s.io": ["ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod", "ReadOnlyMany"],
  "local.csi.openebs.io": ["ReadWriteOnce", "ReadWriteOncePod"],
  "*.rbd.csi.ceph.com": ["ReadWriteOnce", "ReadWriteOncePod"],
  "*.cephfs.csi.ceph.com": ["ReadWriteMany", "ReadOnlyMany", "ReadWriteOnce", "ReadWriteOncePod"],
};
