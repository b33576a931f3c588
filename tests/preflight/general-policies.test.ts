import type { ClassFacts, VolumeFacts } from "../../model/facts";
import type { PreflightFacts } from "../../model/preflight-facts";
import { claimFacts, volumeFacts } from "../facts";
import { ok, stack, table, unread, warning } from "./cluster";
import { own } from "./general-fixtures";

const policies = "each volume has the reclaim policy that its class says";
const bound = (disk: ClassFacts, more: Partial<VolumeFacts> = {}): Partial<PreflightFacts> => ({
  classes: [disk],
  claims: [claimFacts({ namespace: "local-ai-system", name: "redis-data", className: "disk", volume: "pvc-1" })],
  volumes: [volumeFacts({ name: "pvc-1", claimUid: "uid-of-claim", reclaimPolicy: "Retain", ...more })],
});

describe("preflight of any cluster", () => {
  table("volume-policy", [
    { title: "as the class says", facts: { ...bound(own()) }, says: [ok(policies)] },
    { title: "no volume yet", facts: { classes: [own()] }, says: [ok(policies)] },
    {
      title: "made by hand",
      facts: bound(own(), { reclaimPolicy: "Delete", provisioned: false }),
      says: [ok(policies)],
    },
    {
      title: "another claim's",
      facts: bound(own(), { reclaimPolicy: "Delete", claimUid: "other" }),
      says: [ok(policies)],
    },
    {
      title: "Delete, where the config says Retain, whatever the class in the cluster still says",
      facts: bound(own({ reclaimPolicy: "Delete" }), { reclaimPolicy: "Delete" }),
      says: [
        warning(
          "the volume of redis-data has the reclaim policy Delete, and class disk says Retain: when the claim is " +
            "deleted, its data is deleted as well",
          "kubectl patch persistentvolume pvc-1 --type merge " +
            `-p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
        ),
      ],
    },
    {
      title: "Retain, where the config says Delete",
      stack: stack({ disk: { type: "local-path", path: "/var/mnt/disk", default: true, reclaimPolicy: "Delete" } }),
      facts: bound(own()),
      says: [ok("the volume of redis-data is kept when its claim is deleted (Retain), though its class says Delete")],
    },
    { title: "unread", facts: { volumes: undefined }, says: [unread("PersistentVolumes")] },
  ]);
});
