import { error, ok, stack, table, unread } from "./cluster";
import { limits } from "./general-fixtures";

const rangeFits = ok("no limit range refuses a service's pod");
const inPod = stack(
  { scratch: { type: "ephemeral", allowDataLoss: "a test" } },
  { redis: { size: "3Gi", backend: "scratch" } },
);
const edit = "kubectl -n local-ai-system edit limitrange sizes";
const limited = (cpu: string) => ({ size: "2Gi", namespace: "local-ai-system", resources: { limits: { cpu } } });
/** A service that waits for its database, in one namespace with it; both state a limit of their own. */
const withDatabase = stack(undefined, {
  postgres: { ...limited("2"), resources: { requests: { cpu: "2" }, limits: { cpu: "2" } } },
  n8n: limited("1"),
});
const container = (range: object) => limits({ type: "Container", ...range });

describe("preflight of what limit ranges let pods have", () => {
  table("pod-limit-ranges", [
    {
      title: "within",
      facts: { limitRanges: container({ max: { "ephemeral-storage": "2Gi", memory: "512Mi" }, min: { cpu: "50m" } }) },
      says: [rangeFits],
    },
    {
      title: "of claims only",
      facts: { limitRanges: limits({ max: { "ephemeral-storage": "1" } }) },
      says: [rangeFits],
    },
    {
      title: "less of the node's disk than the pod's directory needs",
      stack: inPod,
      facts: { limitRanges: container({ max: { "ephemeral-storage": "4Gi" } }) },
      says: [
        error(
          "limit range local-ai-system/sizes wants each container to have at most 4Gi of ephemeral-storage, and " +
            "that of redis has 5Gi",
          `set another value in cluster-storage:services.redis.size, or ${edit}`,
        ),
      ],
    },
    {
      title: "less of the node's disk than any pod of ours may use",
      facts: { limitRanges: limits({ type: "Pod", max: { "ephemeral-storage": "1Gi" } }) },
      says: [
        error(
          "limit range local-ai-system/sizes wants each pod to have at most 1Gi of ephemeral-storage, and that of " +
            "redis has 2Gi",
          edit,
        ),
      ],
    },
    {
      title: "less memory",
      facts: { limitRanges: container({ max: { memory: "256Mi" } }) },
      says: [
        error(
          "limit range local-ai-system/sizes wants each container to have at most 256Mi of memory, and that of " +
            "redis has 512Mi",
          `set another value in cluster-storage:services.redis.resources.limits.memory, or ${edit}`,
        ),
      ],
    },
    {
      title: "more CPU",
      facts: { limitRanges: container({ min: { cpu: "1" } }) },
      says: [
        error(
          "limit range local-ai-system/sizes wants each container to have at least 1 of cpu, and that of redis has 50m",
          `set another value in cluster-storage:services.redis.resources.requests.cpu, or ${edit}`,
        ),
      ],
    },
    {
      title: "a default below what the container asks for",
      facts: { limitRanges: container({ defaults: { cpu: "20m" } }) },
      says: [
        error(
          "limit range local-ai-system/sizes wants each container to have at most its default, 20m, of cpu, and that " +
            "of redis has 50m",
          `set another value in cluster-storage:services.redis.resources.requests.cpu, or ${edit}`,
        ),
      ],
    },
    {
      title: "a limit that it doesn't state",
      facts: { limitRanges: limits({ type: "Pod", max: { cpu: "4" } }) },
      says: [
        error(
          "limit range local-ai-system/sizes wants each pod to have at most 4 of cpu, and that of redis has no limit",
          `set another value in cluster-storage:services.redis.resources.limits.cpu, or ${edit}`,
        ),
      ],
    },
    {
      title: "a limit too far above the request",
      facts: { limitRanges: container({ ratios: { memory: "2" } }) },
      says: [
        error(
          "limit range local-ai-system/sizes wants each container to have a limit of at most 2 times its request of " +
            "memory, and that of redis has 512Mi and 128Mi",
          `set another value in cluster-storage:services.redis.resources.limits.memory, or ${edit}`,
        ),
      ],
    },
    {
      title: "less than a container beside the service's own may use",
      stack: withDatabase,
      facts: { limitRanges: container({ max: { memory: "64Mi" } }) },
      says: [
        ["that of postgres has 1Gi", "postgres"],
        ["wait-for-database of the pod of n8n has 128Mi"],
        ["that of n8n has 1536Mi", "n8n"],
        ["create-database of the pod that makes the database of n8n has 128Mi"],
      ].map(([who, own]) =>
        error(
          `limit range local-ai-system/sizes wants each container to have at most 64Mi of memory, and ${who}`,
          own ? `set another value in cluster-storage:services.${own}.resources.limits.memory, or ${edit}` : edit,
        ),
      ),
    },
    { title: "unread", facts: { limitRanges: undefined }, says: [unread("limit ranges")] },
  ]);
});
