import type { InstallPlan } from "../../model/install-plan";
import type { AccessMode } from "../../model/storage";

/** A PersistentVolume for a node's directory. Only one claim can use it. */
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
