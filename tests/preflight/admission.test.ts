import type { AdmissionAnswer } from "../../model/preflight-facts";
import { error, ok, stack, table, unknown, warning } from "./cluster";

const admitted = {
  ...{ what: "the pod of redis", namespace: "cache", triedIn: "cache" },
  ...{ verdict: "admitted", message: "" },
};

describe("preflight of admission", () => {
  const answer = (more: Partial<AdmissionAnswer> = {}) => ({ ...admitted, ...more }) as AdmissionAnswer;
  const denied = (more: Partial<AdmissionAnswer> = {}) =>
    answer({ verdict: "refused", message: 'admission webhook "w" denied the request: no', ...more });
  const way =
    "webhook w decides this: have namespace cache excepted in the policy engine that it belongs to, or in kubectl " +
    "get validatingwebhookconfigurations,mutatingwebhookconfigurations";
  table("admission", [
    { title: "nothing was tried", says: [] },
    { title: "admitted", facts: { admission: [answer()] }, says: [ok("the cluster's policies admit the pods")] },
    {
      title: "admitted elsewhere",
      facts: { admission: [answer({ triedIn: "default" })] },
      says: [
        ok(
          "the cluster's policies admit the pods; those of cache, which isn't there yet, were tried in namespace " +
            "default",
        ),
      ],
    },
    {
      title: "two refused for one reason",
      facts: { admission: [denied(), denied({ what: "the pod of n8n" }), answer()] },
      says: [
        error(
          'the cluster refuses the pod of redis and the pod of n8n: admission webhook "w" denied the request: no',
          way,
        ),
      ],
    },
    {
      title: "refused where it was tried instead",
      facts: { admission: [denied({ triedIn: "default" })] },
      says: [
        warning(
          "the cluster refuses the pod of redis in namespace default, where it was tried because cache isn't there " +
            'yet: admission webhook "w" denied the request: no',
          `${way}\nwhere the policy holds for cache too, the update stops before it makes a workload there`,
        ),
      ],
    },
    {
      title: "refused by the Pod Security of another namespace than its own, which the update gives a level",
      facts: {
        admission: [
          answer({ triedIn: "default", verdict: "refused", message: 'violates PodSecurity "baseline:latest": x' }),
        ],
      },
      says: [
        ok(
          "the cluster's policies admit the pods; those of cache, which isn't there yet, were tried in namespace " +
            "default",
        ),
      ],
    },
    {
      title: "refused by the Pod Security of its own namespace",
      facts: { admission: [answer({ verdict: "refused", message: 'violates PodSecurity "restricted:latest": x' })] },
      says: [
        error(
          'the cluster refuses the pod of redis: violates PodSecurity "restricted:latest": x',
          "see its level: kubectl get namespace/cache --show-labels; the update sets the level that its pods keep",
        ),
      ],
    },
    {
      title: "no answer",
      facts: {
        admission: [answer({ verdict: "unable", message: "these credentials may not create pods" }), answer()],
      },
      says: [
        unknown("it is not known whether the cluster's policies admit the pods: these credentials may not create pods"),
      ],
    },
    {
      title: "a PriorityClass that isn't there, which two services name",
      stack: stack(undefined, {
        redis: { size: "1Gi", priorityClassName: "high" },
        qdrant: { size: "1Gi", priorityClassName: "high" },
        searxng: { size: "1Gi", priorityClassName: "low" },
      }),
      facts: { admission: [answer({ verdict: "refused", message: "no PriorityClass with name high was found" })] },
      says: [
        error(
          "the cluster refuses the pod of redis: no PriorityClass with name high was found",
          "name one that is there (kubectl get priorityclasses) in cluster-storage:services.redis.priorityClassName " +
            "and cluster-storage:services.qdrant.priorityClassName, or make high",
        ),
      ],
    },
    {
      title: "anything else",
      facts: { admission: [answer({ verdict: "refused", message: "Pod is invalid: spec.affinity" })] },
      says: [
        error(
          "the cluster refuses the pod of redis: Pod is invalid: spec.affinity",
          "have it allowed in namespace cache, or correct what the config says of the pod",
        ),
      ],
    },
  ]);
});
