import type { InstallPlan } from "../../model/install-plan";
import type { AccessMode } from "../../model/storage";

/** A PersistentVolume of a node's directory, for one claim and no other. */
export interface PersistentVolumePlan {
  name: string;
  service: string;
  node: string;
  path: string;
  size: string;
  accessMode: AccessMode;
  claim: { namespace: string; name: string };
  protect: boolean;
}

/** What the StaticVolumes component is to make. */
export interface StaticInstall extends InstallPlan {
  volumes: PersistentVolumePlan[];
}
