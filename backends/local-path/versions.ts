import { gte, valid } from "semver";
import type { Fault } from "../../model/plan";
import type { LocalPathConfig } from "./config";

/** The first version without the holes of CVE-2025-62878 and CVE-2026-44543. */
const floor = "v0.0.36";

/** Also false if `version` is not a version. `checkVersion` refuses such a text. */
const isFrom = (version: string, first: string) => valid(version) !== null && gte(version, first);

/** Whether the version has settings for the rates of its API client. */
export const hasClientRates = ({ version }: LocalPathConfig): boolean => isFrom(version, "v0.0.32");

/** Whether the version has health endpoints and can give each volume an owner and a mode of its own. */
export const hasHealthAndOwners = ({ version }: LocalPathConfig): boolean => isFrom(version, "v0.0.37");

/** Refuses a text that is no version, and a version with known holes unless the config says why it is acceptable. */
export function checkVersion({ version, allowVulnerable }: LocalPathConfig): Fault[] {
  if (!/^v/.test(version) || !valid(version))
    return [{ path: "version", message: `"${version}" is no version; write it as in v0.0.37` }];
  if (gte(version, floor) || allowVulnerable) return [];
  const reason =
    "older ones let a claim's author write outside the volumes (CVE-2025-62878) and inject into the helper " +
    "pod (CVE-2026-44543)";
  return [
    {
      path: "version",
      message:
        `${version} is below ${floor}: ${reason}; a throw-away cluster may say why it is good enough there in ` +
        "allowVulnerable",
    },
  ];
}
