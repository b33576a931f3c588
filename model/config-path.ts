import type { VolumePlan } from "./storage";

/**
 * Where a volume's entry is in the stack config: its service, its key if the service has several
 * claims, its place in `kept`.
 */
export type VolumePlace = Pick<VolumePlan, "service" | "claimKey" | "keptIndex">;

/**
 * A place in the stack config, below `cluster-storage:`, as text that `pulumi config set --path` takes:
 * `services.redis.kept[0].size`, `services.taskflow.env["a.b"]`.
 */
export const pathText = (keys: readonly PropertyKey[]): string =>
  keys.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    if (/[.[\]"]/.test(String(key)) && text !== "") return `${text}[${JSON.stringify(key)}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");

/** The keys that lead to a claim's entry: to the service itself where it has one claim only. */
export const claimKeys = ({ service, claimKey }: Omit<VolumePlace, "keptIndex">): string[] => [
  "services",
  service,
  ...(claimKey === undefined ? [] : [claimKey]),
];

/** The path of a volume's entry in the config, or of a field in it. */
export const volumePath = (volume: VolumePlace, ...field: PropertyKey[]): string =>
  pathText([...claimKeys(volume), ...(volume.keptIndex === undefined ? [] : ["kept", volume.keptIndex]), ...field]);

/** What a command calls a claim: its service, and its key where the service has several, such as `taskflow/logs`. */
export const claimArgument = ({ service, claimKey }: Omit<VolumePlace, "keptIndex">): string =>
  claimKey === undefined ? service : `${service}/${claimKey}`;
