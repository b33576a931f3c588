import { error, ok, stack, table, unread } from "./cluster";
import { limits, quota } from "./general-fixtures";

const quotaFits = ok("no quota refuses a service's pod");
const inPod = stack(
  { scratch: { type: "ephemeral", allowDataLoss: "a test" } },
  { redis: { size: "3Gi", backend: "scratch" } },
);
const raise = "raise it (kubectl -n local-ai-system edit resourcequota small), or ask for less in the stack's config";
/** The command that gives containers a default. */
const rangeOf = (cpu: string) =>
  'give the containers there a default: echo \'{"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"defaults",' +
  '"namespace":"local-ai-system"},"spec":{"limits":[{"type":"Container","default":{"cpu":"' +
  `${cpu}"},"defaultRequest":{"cpu":"100m"}}]}}' | kubectl apply -f -\n` +
  "or take limits.cpu out of the quota: kubectl -n local-ai-system edit resourcequota small";
const limited = (cpu: string) => ({ size: "2Gi", namespace: "local-ai-system", resources: { limits: { cpu } } });
/** A service that waits for its database, in one namespace with it; both state a limit of their own. */
const withDatabase = stack(undefined, {
  postgres: { ...limited("2"), resources: { requests: { cpu: "2" }, limits: { cpu: "2" } } },
  n8n: limited("1"),
});
const scoped = (hard: Record<string, string>, ...scopes: [string, string?, string[]?][]) =>
  quota(hard).map((each) => ({
    ...each,
    scopes: scopes.map(([scope, operator = "Exists", values = []]) => ({ scope, operator, values })),
  }));
const noPods = error(
  "quota local-ai-system/small allows 0 of pods, and the services' pods there ask for more together (redis 1)",
  raise,
);
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
          "quota local-ai-system/small counts limits.cpu, and the cluster refuses pods with containers that state " +
            "none: redis",
          `set cluster-storage:services.redis.resources.limits.cpu, or ${rangeOf("1")}`,
        ),
      ],
    },
    {
      title: "a limit that a limit range gives them",
      facts: { quotas: quota({ "limits.cpu": "8" }), limitRanges: container({ defaults: { cpu: "1" } }) },
      says: [quotaFits],
    },
    {
      title: "a limit that its own container states, and those beside it don't",
      stack: withDatabase,
      facts: { quotas: quota({ "limits.cpu": "8" }) },
      says: [
        error(
          "quota local-ai-system/small counts limits.cpu, and the cluster refuses pods with containers that state " +
            "none: wait-for-database of the pod of n8n and create-database of the pod that makes the database of n8n",
          rangeOf("2"),
        ),
      ],
    },
    {
      title: "fewer workloads",
      stack: withDatabase,
      facts: { quotas: quota({ "count/statefulsets.apps": "0", "count/deployments.apps": "9" }) },
      says: [
        error(
          "quota local-ai-system/small allows 0 of count/statefulsets.apps, and the stack has 1 there (postgres)",
          "raise it (kubectl -n local-ai-system edit resourcequota small), or put services into other namespaces",
        ),
      ],
    },
    { title: "only pods that end", facts: { quotas: scoped({ pods: "0" }, ["Terminating"]) }, says: [quotaFits] },
    { title: "only pods that don't", facts: { quotas: scoped({ pods: "0" }, ["NotTerminating"]) }, says: [noPods] },
    {
      title: "only pods that ask for nothing",
      facts: { quotas: scoped({ pods: "0" }, ["BestEffort"]) },
      says: [quotaFits],
    },
    {
      title: "only pods of a priority",
      facts: { quotas: scoped({ pods: "0" }, ["PriorityClass", "In", ["high"]]) },
      says: [quotaFits],
    },
    {
      title: "only pods without a priority that ask for something",
      facts: { quotas: scoped({ pods: "0" }, ["PriorityClass", "DoesNotExist"], ["NotBestEffort"]) },
      says: [noPods],
    },
    {
      title: "of another namespace",
      facts: { quotas: quota({ pods: "0" }).map((each) => ({ ...each, namespace: "other" })) },
      says: [quotaFits],
    },
    { title: "unread", facts: { quotas: undefined }, says: [unread("quotas")] },
  ]);
});
