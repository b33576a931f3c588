import type { Hidden } from "./hidden";

/** What a stack's config says of a service's container, beside its image and resources. Types only. */

/** A Secret or a ConfigMap that somebody else made, in the service's namespace. */
export interface NamedObject {
  kind: "Secret" | "ConfigMap";
  name: string;
}

/** One key of such an object. */
export interface NamedKey extends NamedObject {
  key: string;
}

/** A variable's value as the config has it: text, a secret text, or the key of an object. */
export type VariableConfig =
  string | Hidden | { secret: { name: string; key: string } } | { configMap: { name: string; key: string } };

/** Files of a ConfigMap or a Secret for a container. */
export interface ExtraVolumeConfig {
  /** Absolute path in the container. */
  path: string;
  configMap?: string;
  secret?: string;
  /** Which keys, each under a path below the mount's; absent: all, each under its own name. */
  items?: { key: string; path: string }[];
  /** One key, or a path of `items`, that is mounted at `path` itself. */
  subPath?: string;
  /** The pod starts without the object too. */
  optional: boolean;
}

/** Patience of the kubelet, in seconds. */
export interface ProbesConfig {
  /** How long it may take to start and to recover. */
  startupSeconds?: number;
  /** How long one answer may take. */
  timeoutSeconds?: number;
  /** How long it may go without an answer until it is started again. */
  livenessSeconds?: number;
}

/** Part of a service's config. */
export interface ContainerSettings {
  /** By name. A hidden one came in as a secret. */
  env?: Record<string, VariableConfig>;
  args?: string[];
  extraVolumes: ExtraVolumeConfig[];
  /** Size of /dev/shm. */
  shm?: string;
  probes?: ProbesConfig;
}

/** An extra volume as the pod has it. */
interface ExtraVolumePlan extends NamedObject {
  path: string;
  items?: { key: string; path: string }[];
  subPath?: string;
  optional: boolean;
}

/** What the container has of these settings beside its variables, arguments and probes. */
export interface ContainerExtras {
  /** Size of /dev/shm; absent: the runtime's, 64 MiB. */
  shm?: string;
  /** Absent: none. */
  extraVolumes?: ExtraVolumePlan[];
}

/** A variable that the config may not set. */
export interface ReservedVariable {
  /** Of its name, whatever its case; a name with `_FILE` behind it is the same variable. */
  name: RegExp;
  /** Ends the sentence "can't be set here:". */
  why: string;
  /** Reserved only where the catalogue or TLS sets this variable. */
  beside?: string;
}

/** How the config's arguments come to a service's program. */
export interface ArgumentRules {
  /** The catalogue's command with a place for arguments (`"$@"`). */
  command: (command: string[]) => string[];
  /** What is wrong with arguments: the place in the list of each fault. */
  check: (args: readonly string[]) => { at: number; message: string }[];
}

/** A place in the container where nothing may be mounted, beside those that are known of every service. */
export interface ReservedPath {
  path: RegExp;
  why: string;
  /** Reserved only where the config sets this variable. */
  beside?: string;
}

/** What a service of the catalogue allows and refuses of these settings. */
export interface ContainerRules {
  /** Variables of `env` that the config may set to something else. All others are the catalogue's. */
  replaceable?: readonly string[];
  /** More variables that the config may not set, and the reasons of some that are in `env`. The first one counts. */
  reserved?: readonly ReservedVariable[];
  /** How `args` of the config get to its program; a text says why it takes none. Of `ownProgram` the user decides. */
  extraArgs?: ArgumentRules | string;
  /** Where the config's `extraVolumes` may not go, beside what is so for every service. */
  reservedPaths?: readonly ReservedPath[];
  /** Size of its /dev/shm for a memory limit in bytes; absent: or undefined: the runtime's 64 MiB. */
  shm?: (memory: number) => string | undefined;
}
