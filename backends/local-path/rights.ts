import type { InstalledRights } from "../../model/rights";

const watch = ["get", "list", "watch"];

/** All that the provisioner may do. */
export const provisionerRights: InstalledRights = {
  // The provisioner handles volumes and claims in the whole cluster. It updates a claim whose node turned out unfit.
  cluster: [
    { apiGroups: [""], resources: ["nodes"], verbs: watch },
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...watch, "update"] },
    { apiGroups: [""], resources: ["persistentvolumes"], verbs: [...watch, "create", "patch", "update", "delete"] },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: watch },
  ],
  // The provisioner needs the helper pods, their logs, and the template that it makes them from.
  namespace: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "create", "delete"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] },
  ],
};
