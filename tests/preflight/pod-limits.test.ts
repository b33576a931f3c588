import { error, ok, stack, table, unread } from "./cluster";
import { limits, quota } from "./general-fixtures";

const quotaFits = ok("no quota refuses a service's pod");
const rangeFits = ok("no limit range refuses a service's pod");
const inPod = stack(
  { scratch: { type: "ephemeral", allowDataLoss: "a test" } },
  { redis: { size: "3Gi", backend: "scratch" } },
);
const raise = "raise it (kubectl -n local-ai-system edit resourcequota small), or ask for less in the stack's config";
const edit = "kubectl -n local-ai-system edit limitrange sizes";
const container = (range: object) => limits({ type: "Container", ...range });

describe("preflight of what a namespace lets pods have", () => {
  table("pod-quotas", [
    {
      title: "enough of each",
      facts: { quotas: quota({ "limits.ephemeral-storage": "2Gi", "limits.memory": "512Mi", cpu: "1", pods: "1" }) },
      says: [quotaFits],
    },
    {
      title: "less of the node's disk than the pod's directory needs",
      stack: inPod,
      facts: { quotas: quota({ "limits.ephemeral-storage": "4Gi" }) },
      says: [
        error(
          "quota local-ai-system/small allows 4Gi of limits.ephemeral-storage, and the services' pods there ask for " +
            "more together (redis 5Gi)",
          raise,
        ),
      ],
    },
    {
      title: "no pod",
      facts: { quotas: quota({ pods: "0" }) },
      says: [
        error(
          "quota local-ai-system/small allows 0 of pods, and the services' pods there ask for more together (redis 1)",
          raise,
        ),
      ],
    },
    {
      title: "a limit that the pods don't state",
      facts: { quotas: quota({ "limits.cpu": "8" }) },
      says: [
        error(
          "quota local-ai-system/small counts limits.cpu, and the cluster refuses pods that state none there: those " +
            "of redis",
          "give namespace local-ai-system a limit range with a default of cpu for containers, or take limits.cpu " +
            "out of the quota (kubectl -n local-ai-system edit resourcequota small)",
        ),
      ],
    },
    {
      title: "a limit that a limit range gives them",
      facts: { quotas: quota({ "limits.cpu": "8" }), limitRanges: container({ defaults: { cpu: "1" } }) },
      says: [quotaFits],
    },
    {
      title: "only pods of a scope",
      facts: { quotas: quota({ pods: "0" }).map((each) => ({ ...each, scoped: true })) },
      says: [quotaFits],
    },
    {
      title: "of another namespace",
      facts: { quotas: quota({ pods: "0" }).map((each) => ({ ...each, namespace: "other" })) },
      says: [quotaFits],
    },
    { title: "unread", facts: { quotas: undefined }, says: [unread("quotas")] },
  ]);

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
    { title: "unread", facts: { limitRanges: undefined }, says: [unread("limit ranges")] },
  ]);
});
