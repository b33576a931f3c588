/** What was read about a node, by source: the API server, the kubelet, the probe pod, talosctl. Types only. */

export interface NodeFacts {
  name: string;
  /** Its address inside the cluster's network. */
  address?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  taints: { key: string; value?: string; effect: string }[];
  /** Cordoned: takes no further pods. */
  unschedulable: boolean;
  /** It is being deleted. */
  deleting?: true;
  /** Status by type, such as `Ready: "True"`, `DiskPressure: "False"`. */
  conditions: Record<string, string>;
  kubeletVersion: string;
  /** Such as `Talos (v1.13.0)`. */
  osImage: string;
  kernelVersion: string;
  /** Kubernetes quantities by resource, such as `ephemeral-storage`. */
  capacity: Record<string, string>;
  /** The part of it that pods can ask for. */
  allocatable: Record<string, string>;
  /** What the kubelet measures; absent where the caller may not ask it or it doesn't answer. */
  stats?: NodeStats;
  /** What the probe pod saw; absent unless a probe was asked for. */
  probe?: ProbeFacts;
  /** What the node said over SSH; absent unless the config has it prepared that way. */
  system?: SystemFacts;
  /** What talosctl says; absent where talosctl is not installed or the node doesn't run Talos. */
  talos?: TalosFacts;
}

/** A file system's size and room, in bytes. */
export interface Disk {
  capacity: number;
  available: number;
}

export interface NodeStats {
  /** The file system of the kubelet's own directory: the node's own disk. */
  root: Disk;
  /** File systems below the claims that running pods have mounted. */
  volumes: (Disk & { namespace: string; claim: string })[];
}

/** What a pod with the node's file system mounted read-only can see. */
export interface ProbeFacts {
  /** The node's mounts, outermost first. */
  mounts: MountFacts[];
  /**
   * The paths on the node of the directory in which its kubelet keeps its files. One that is mounted in several places
   * has several, of which the kubelet uses one. Absent where the pod's own mounts don't tell.
   */
  kubelet?: string[];
  /**
   * For each path that was asked about: the path itself if it exists, else the nearest directory above it that does.
   */
  paths: Record<string, Disk & { existing: string }>;
  /** Bytes of a memory page; absent where the kernel doesn't tell. */
  pageSize?: number;
  /** Kernel modules that are loaded or built in, as in /sys/module. */
  modules: string[];
  /** Programs that were asked about and are on the node, by name. */
  programs: string[];
  /** Whole block devices. */
  devices: DeviceFacts[];
  /** By device number, such as `253:0`: whether all that is written to the block device is encrypted by dm-crypt. */
  encrypted: Record<string, boolean>;
  /** By LVM volume group: whether all its active logical volumes are encrypted; a group without any is not in it. */
  encryptedGroups: Record<string, boolean>;
  /** LVM volume groups that are active. */
  volumeGroups: string[];
  /** Absent where the pod didn't look at the node's file system. */
  system?: SystemFacts;
  /** By `server:/share`: empty text where the kubelet mounted it, else why not; absent where it could not be tried. */
  exports: Record<string, string>;
}

/** What of a node's own system can get into the way of volumes. */
export interface SystemFacts {
  /** The daemon that makes one disk of several paths to it; absent where it isn't installed. */
  multipathd?: {
    runs: boolean;
    /** Its settings except Longhorn's disks. */
    excepted: boolean;
  };
  selinux: {
    enforcing: boolean;
    /** The domain in which a container without settings of its own runs, such as `container_t`; absent: not known. */
    domain?: string;
    /** The types of the labels of the directories that were asked about, by path, as far as they could be read. */
    labels: Record<string, string>;
  };
}

export interface MountFacts {
  point: string;
  type: string;
  /** Device number, equal for mounts of one file system. */
  device: string;
  readOnly: boolean;
  /** Pods that have this mount also see what is mounted below it later. */
  shared: boolean;
}

export interface DeviceFacts {
  /** Such as `sdb`. */
  name: string;
  bytes: number;
  /** It is unused: no partition, no file system, nothing that holds it. */
  raw: boolean;
}

/** As the document in the machine config is called: UserVolumeConfig, ExistingVolumeConfig, and so on. */
export type TalosVolumeKind = "user" | "existing" | "external" | "raw";

export interface TalosVolume {
  /** As `talosctl get volumestatus` calls it, such as `u-local-path`. */
  id: string;
  kind: TalosVolumeKind;
  name: string;
  /** Such as `ready`. */
  phase: string;
  /** It is a directory of the system disk and no partition of its own. */
  directory?: boolean;
}

export interface TalosFacts {
  /** Names of the system extensions, such as `iscsi-tools`. */
  extensions: string[];
  /** The volumes that the machine config asks for besides Talos' own ones. */
  volumes: TalosVolume[];
  /** Ids of the volumes that Talos has unlocked with a key, such as `u-local-path` and `EPHEMERAL`. */
  encrypted: string[];
  /** Destinations of `machine.kubelet.extraMounts`. */
  extraMounts: string[];
}
