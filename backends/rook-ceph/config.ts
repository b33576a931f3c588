import { z } from "zod";
import { count, flag, list, nodePath, nonEmpty, object } from "../../config/fields";
import { chartSettings } from "../shared/charts";
import { classSettings } from "../shared/classes";

const device = nonEmpty("name a disk, for instance sdb or /dev/disk/by-id/…");

/** A rook-ceph backend's entry in the stack config. */
export const schema = object({
  type: z.literal("rook-ceph"),
  ...classSettings,
  ...chartSettings("v1.20.6"),
  /** Of the chart with the CSI drivers, which Rook installs beside its own since 1.20. */
  driversVersion: nonEmpty("a version is for instance 1.0.4").default("1.0.4"),
  /** Copies of each object, on as many nodes. */
  replicas: count(1, 10).default(3),
  /** Disks by node that Ceph takes, whole and for itself. */
  nodes: z
    .record(z.string(), list(device).min(1, "is empty; name the node's disks, or leave the node out"))
    .default({}),
  /** Instead of `nodes`: a pattern of names of disks on any node, such as ^sd[b-z]$; only empty ones are taken. */
  deviceFilter: nonEmpty("write a pattern, for instance ^sd[b-z]$").optional(),
  /** Where the nodes keep the monitors' data. */
  path: nodePath.default("/var/lib/rook"),
  /** Volumes are encrypted with keys under a generated passphrase, which is kept in the state and in the cluster. */
  encrypted: flag.default(false),
});

export type CephConfig = z.infer<typeof schema>;
