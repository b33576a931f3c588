import type { ClaimFacts, VolumeFacts } from "./facts";
import type { VolumePlan } from "./storage";

/** What of a volume's declaration is compared with the cluster. */
export type DeclaredVolume = Pick<VolumePlan, "name" | "namespace" | "size" | "service"> &
  Partial<Pick<VolumePlan, "className" | "accessMode" | "volumeName" | "claimKey" | "keptIndex" | "generation">>;

/** What the cluster, a person or time did to a declared volume, which no edit of the config says. */
export interface DataTrouble {
  /**
   * `deleting`: the claim is. `lost`: its volume is gone. `volume-deleting`, `volume-failed`: its volume is. `left`:
   * the claim is gone, and a volume still holds its data. `gone`, `anew`: the claim of the last update is gone, and
   * nothing or another claim is in its place.
   */
  kind: "deleting" | "lost" | "volume-deleting" | "volume-failed" | "left" | "gone" | "anew";
  /** A clause with its subject. */
  why: string;
  wayOut: string;
}

/** Objects of the cluster. `volumes`: absent where they may not be listed. */
export interface FoundData {
  claims: readonly ClaimFacts[];
  volumes?: readonly VolumeFacts[];
  /** The uids of the claims that the stack had after its last update, by `namespace/name`. */
  known?: Readonly<Record<string, string>>;
}
