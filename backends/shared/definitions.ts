/** Definitions that more than one chart makes, or that an earlier installation may have left. */

/** Of VolumeSnapshots: most clusters have them already, from the distribution or a snapshot controller. */
export const snapshotDefinitions = ["volumesnapshots", "volumesnapshotcontents", "volumesnapshotclasses"].map(
  (plural) => `${plural}.snapshot.storage.k8s.io`,
);

/** Of OpenEBS LVM: an uninstalled release leaves them, with the records of which logical volume is whose. */
export const driverDefinitions = ["lvmvolumes", "lvmnodes", "lvmsnapshots"].map(
  (plural) => `${plural}.local.openebs.io`,
);
