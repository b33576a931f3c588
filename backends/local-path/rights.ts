import type { InstalledRights } from "../../model/rights";

const watch = ["get", "list", "watch"];

/** What the provisioner may do, and no more. */
export const provisionerRights: InstalledRights = {
  // Volumes and claims are looked after in the whole cluster; a claim is updated when its node turned out unfit.
  cluster: [
    { apiGroups: [""], resources: ["nodes"], verbs: watch },
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...watch, "update"] },
    { apiGroups: [""], resources: ["persistentvolumes"], verbs: [...watch, "create", "patch", "update", "delete"] },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: watch },
  ],
  // The helper pods with their logs, and the template that they are made from.
  namespace: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "create", "delete"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] },
  ],
};
