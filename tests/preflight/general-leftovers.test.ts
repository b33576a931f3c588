import { error, ok, table, unread } from "./cluster";
import { quota, raise, there, fits, limits, other } from "./general-fixtures";

describe("preflight of any cluster", () => {
  table("quotas", [
    {
      title: "room for what is asked",
      facts: { quotas: quota({ "requests.storage": "2Gi", persistentvolumeclaims: "1", "requests.cpu": "0" }) },
      says: [fits],
    },
    {
      title: "another namespace's",
      facts: { quotas: [{ ...quota({ "requests.storage": "1" })[0]!, namespace: "other" }] },
      says: [fits],
    },
    {
      title: "too little storage",
      facts: { quotas: quota({ "requests.storage": "3Gi" }, { "requests.storage": "1536Mi" }) },
      says: [
        error(
          "quota local-ai-system/small allows 3Gi of requests.storage with 1.5 GiB in use, and the update asks " +
            "for 2.0 GiB more (redis-data)",
          raise,
        ),
      ],
    },
    {
      title: "too few claims",
      facts: { quotas: quota({ persistentvolumeclaims: "0" }) },
      says: [
        error(
          "quota local-ai-system/small allows 0 of persistentvolumeclaims with 0 in use, and the update asks " +
            "for 1 more (redis-data)",
          raise,
        ),
      ],
    },
    {
      title: "too few objects of the kind",
      facts: { quotas: quota({ "count/persistentvolumeclaims": "3" }, { "count/persistentvolumeclaims": "3" }) },
      says: [
        error(
          "quota local-ai-system/small allows 3 of count/persistentvolumeclaims with 3 in use, and the update " +
            "asks for 1 more (redis-data)",
          raise,
        ),
      ],
    },
    {
      title: "too little of the class",
      facts: {
        quotas: quota({
          "disk.storageclass.storage.k8s.io/requests.storage": "1Gi",
          "other.storageclass.storage.k8s.io/requests.storage": "0",
        }),
      },
      says: [
        error(
          "quota local-ai-system/small allows 1Gi of disk.storageclass.storage.k8s.io/requests.storage with 0 " +
            "bytes in use, and the update asks for 2.0 GiB more (redis-data)",
          raise,
        ),
      ],
    },
    {
      title: "a claim that is there and grows",
      facts: {
        claims: [there],
        quotas: quota(
          { "requests.storage": "1Gi", persistentvolumeclaims: "1" },
          { "requests.storage": "1Gi", persistentvolumeclaims: "1" },
        ),
      },
      says: [
        error(
          "quota local-ai-system/small allows 1Gi of requests.storage with 1.0 GiB in use, and the update asks " +
            "for 1.0 GiB more (redis-data)",
          raise,
        ),
      ],
    },
    { title: "unread", facts: { quotas: undefined }, says: [unread("quotas")] },
  ]);

  table("limit-ranges", [
    {
      title: "within",
      facts: { limitRanges: limits({ min: { storage: "2Gi" }, max: { storage: "2Gi" } }) },
      says: [ok("no limit range refuses a claim")],
    },
    {
      title: "of containers only",
      facts: { limitRanges: limits({ type: "Container", max: { storage: "1" } }) },
      says: [ok("no limit range refuses a claim")],
    },
    {
      title: "too large",
      facts: { limitRanges: limits({ max: { storage: "1Gi" } }) },
      says: [
        error("limit range local-ai-system/sizes wants claims of at most 1Gi, and redis-data asks for 2Gi", other),
      ],
    },
    {
      title: "too small",
      facts: { limitRanges: limits({ min: { storage: "5Gi" } }) },
      says: [
        error("limit range local-ai-system/sizes wants claims of at least 5Gi, and redis-data asks for 2Gi", other),
      ],
    },
    { title: "unread", facts: { limitRanges: undefined }, says: [unread("limit ranges")] },
  ]);
});
