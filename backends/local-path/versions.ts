import { gte, valid } from "semver";
import type { Fault } from "../../model/plan";
import type { LocalPathConfig } from "./config";

/** The first version without the holes of CVE-2025-62878 and CVE-2026-44543. */
const floor = "v0.0.36";

/** False too for what is no version, which `checkVersion` refuses. */
const isFrom = (version: string, first: string) => valid(version) !== null && gte(version, first);

/** From this version on, the rates of the API client are settings. */
export const hasClientRates = ({ version }: LocalPathConfig): boolean => isFrom(version, "v0.0.32");

/** From this version on, there are health endpoints, and each volume has an owner and a mode of its own. */
export const hasHealthAndOwners = ({ version }: LocalPathConfig): boolean => isFrom(version, "v0.0.37");

/** Refuses what is no version, and a version with known holes unless the config says why it will do. */
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
