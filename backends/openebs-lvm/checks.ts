import type { Check } from "../../model/backend";
import { takesPods } from "../../preflight/nodes";
import { definitionsCheck } from "../shared/check-definitions";
import { kubeletCheck } from "../shared/check-kubelet";
import { driverCheck, type DriverSettings } from "../shared/check-driver";
import { judgeEncryption } from "../shared/encryption";
import { listed, results } from "../../preflight/results";

/** The part of an OpenEBS LVM backend's config that the check uses. */
export interface LvmSettings extends DriverSettings {
  volumeGroup: string;
  encrypted: boolean;
}

/** Volumes can be made only on nodes that have the volume group. One such node is enough to begin. */
const lvmVolumeGroup: Check<LvmSettings> = {
  id: "openebs-lvm-volume-group",
  group: "openebs-lvm",
  asks: () => ({ disks: true }),
  run({ config: { volumeGroup }, facts: { nodes } }) {
    const { ok, warning, error, unknown, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const fit = nodes.filter(takesPods);
    const probed = fit.filter(({ probe }) => probe);
    if (probed.length === 0)
      return [
        unknown(
          `only a probe pod can tell which nodes have the volume group ${volumeGroup}`,
          "npm run preflight -- --probe",
        ),
      ];
    const having = probed.filter(({ probe }) => probe?.volumeGroups.includes(volumeGroup)).map(({ name }) => name);
    const without = probed.filter(({ name }) => !having.includes(name)).map(({ name }) => name);
    const make = `on the node, with a disk that holds nothing: vgcreate ${volumeGroup} DEVICE`;
    if (having.length === 0) return [error(`no node has the volume group ${volumeGroup}`, make)];
    if (without.length > 0)
      return [
        warning(
          `the volume group ${volumeGroup} is on ${listed(having)} and not on ${listed(without)}, ` +
            "where no volume can be made",
          make,
        ),
      ];
    return [ok(`every node has the volume group ${volumeGroup}`)];
  },
};

/** The probe pod sees it by the group's logical volumes, so nothing is known of a group that has none yet. */
const lvmEncryption: Check<LvmSettings> = {
  id: "openebs-lvm-encryption",
  group: "openebs-lvm",
  asks: () => ({ disks: true }),
  run({ name, config: { volumeGroup, encrypted }, facts: { nodes } }) {
    const { unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const having = nodes.filter(takesPods).filter(({ probe }) => !probe || probe.volumeGroups.includes(volumeGroup));
    const states = having.map((node) => ({
      node: node.name,
      place: `the volume group ${volumeGroup}`,
      encrypted: node.probe?.encryptedGroups[volumeGroup],
    }));
    return judgeEncryption(this.id, name, encrypted, states);
  },
};

export const lvmChecks: Check<LvmSettings>[] = [
  driverCheck("openebs-lvm", "local.csi.openebs.io"),
  kubeletCheck("openebs-lvm"),
  definitionsCheck("openebs-lvm"),
  lvmVolumeGroup,
  lvmEncryption,
];
