import type { TalosFacts as SeenFacts } from "../../model/node-facts";

/*
 * What Talos says of itself. The resources' fields: siderolabs/talos, pkg/machinery/resources/block, of v1.13 and 1.14.
 */

/** A volume that Talos knows of by the machine config. */
export interface VolumeFacts {
  /** Such as `ready`, `waiting`, `failed`. */
  phase: string;
  /** `partition` or `directory`, for instance. */
  type: string;
  /** Bytes; 0 for a directory, or while there is no partition. */
  size: number;
  encrypted: boolean;
  /** Its partition, such as /dev/sdb1, and the disk of it. */
  location?: string;
  parent?: string;
  error?: string;
}

/** What the machine config says of a volume's partition, in bytes. */
export interface VolumeSpec {
  minSize: number;
  maxSize: number;
  grow: boolean;
  match: string;
}

export interface DiskFacts {
  device: string;
  size: number;
  readOnly: boolean;
  serial?: string;
  wwid?: string;
  model?: string;
  transport?: string;
  rotational: boolean;
  links: string[];
}

/** A disk or a partition, and what is recognised on it. */
export interface FoundVolume {
  device: string;
  /** The disk; absent for a whole disk. */
  parent?: string;
  /** Bytes, and for a partition where it begins. */
  size: number;
  offset: number;
  /** Such as `gpt`, `xfs`, `luks`, `lvm2-pv`; "" for nothing. */
  name: string;
  /** The label of a partition in its table. */
  label: string;
}

/** A mount of the kubelet besides its own. */
export interface KubeletMount {
  destination: string;
  source: string;
  options: string[];
}

export interface TalosNodeFacts {
  /** Such as `v1.13.0`; "" where Talos doesn't say. */
  version: string;
  /** Of the image factory; absent for an image from elsewhere. */
  schematic?: string;
  mounts: KubeletMount[];
  seen: SeenFacts;
  /** By id, such as `u-local-path`. */
  volumes: Record<string, VolumeFacts>;
  specs: Record<string, VolumeSpec>;
  disks: DiskFacts[];
  found: FoundVolume[];
  systemDisk?: string;
}
