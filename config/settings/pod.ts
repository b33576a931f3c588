import { checked, count, list, object, oneOf, show, textFault } from "../fields";
import { affinity } from "./affinity";
import { velero } from "../velero";
import { keyed, keyFault, labelKey, labelMap, labelSelector, labelValue, nameOnly } from "./labels";

/** Where a service's pod runs, how its image is got, and what is written on the pod. */

const seconds = checked<number>({ type: "integer", minimum: 0 }, (value) =>
  Number.isInteger(value) && Number(value) >= 0 ? undefined : `must be a whole number of seconds, not ${show(value)}`,
);

const toleration = object({
  key: labelKey.optional(),
  operator: oneOf(["Equal", "Exists"]).optional(),
  value: labelValue.optional(),
  effect: oneOf(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
  tolerationSeconds: seconds.optional(),
}).superRefine((value, context) => {
  const wrong = (message: string, ...path: string[]) => context.addIssue({ code: "custom", path, message });
  const { key, operator = "Equal", effect } = value;
  if (key === undefined && operator === "Equal")
    wrong("tolerates nothing: name the taint's key, or write operator: Exists for every taint");
  if (operator === "Exists" && value.value) wrong("Exists takes no value; leave value out, or write Equal", "operator");
  if (value.tolerationSeconds !== undefined && effect !== "NoExecute")
    wrong("only a taint of effect NoExecute ends pods; add effect: NoExecute, or leave it out", "tolerationSeconds");
});

const policy = oneOf(["Honor", "Ignore"]);

const spread = object({
  maxSkew: count(1, 100_000),
  topologyKey: labelKey,
  whenUnsatisfiable: oneOf(["DoNotSchedule", "ScheduleAnyway"]),
  labelSelector: labelSelector.optional(),
  minDomains: count(1, 100_000).optional(),
  nodeAffinityPolicy: policy.optional(),
  nodeTaintsPolicy: policy.optional(),
  matchLabelKeys: list(labelKey).optional(),
}).superRefine(({ minDomains, whenUnsatisfiable, matchLabelKeys, labelSelector }, context) => {
  if (minDomains !== undefined && whenUnsatisfiable !== "DoNotSchedule")
    context.addIssue({ code: "custom", path: ["minDomains"], message: "works only with DoNotSchedule; leave it out" });
  if (matchLabelKeys !== undefined && labelSelector === undefined)
    context.addIssue({
      code: "custom",
      path: ["matchLabelKeys"],
      message: "adds to a labelSelector, and there is none; add one, or leave it out",
    });
});

/** What Kubernetes and this program write on pods themselves. */
const oursOnPods = new RegExp(
  "^(app\\.kubernetes\\.io|cluster-storage|(statefulset|apps|batch)\\.kubernetes\\.io)/|" +
    "^(pod-template-hash|controller-revision-hash|pod-template-generation|job-name|controller-uid)$",
);

function takenFault(key: string): string | undefined {
  if (!oursOnPods.test(key)) return keyFault(key);
  const whose = /^(app\.kubernetes\.io|cluster-storage)\//.test(key) ? "this program" : "Kubernetes";
  return `${whose} writes "${key}" on the pod itself; choose another key`;
}

const annotation = checked<string>({ type: "string" }, (value) => textFault(value));

export const podSettings = {
  nodeSelector: labelMap.optional().meta({
    description:
      "Labels that a node has to have. Where the volume is on a node without them, the update is refused " +
      "(docs/where-pods-run.md).",
    otherwise: "any node",
  }),
  affinity: affinity.optional().meta({
    description: "Kubernetes' own `affinity`, with its keys. A `labelSelector` has to be there.",
    otherwise: "none",
    unlisted: true,
  }),
  tolerations: list(toleration)
    .optional()
    .meta({
      description:
        "Kubernetes' own `tolerations`: taints in spite of which it may run. Its moves, clean-up and database jobs " +
        "have them too.",
      otherwise: "none",
      unlisted: true,
    }),
  topologySpreadConstraints: list(spread).optional().meta({
    description:
      "Kubernetes' own list, with its keys. Without a `labelSelector`, the stack's pods in the namespace are spread.",
    otherwise: "none",
    unlisted: true,
  }),
  priorityClassName: nameOnly("a PriorityClass").optional().meta({
    description: "Name of a PriorityClass, which has to be in the cluster.",
    otherwise: "the cluster's",
  }),
  imagePullSecrets: list(nameOnly("a Secret"))
    .optional()
    .meta({
      description:
        "Names of Secrets with the credentials of registries, made by hand in the service's namespace. Its moves, " +
        "clean-up and database jobs use them too.",
      otherwise: "none",
    }),
  imagePullPolicy: oneOf(["Always", "IfNotPresent", "Never"])
    .optional()
    .meta({ description: "When a node gets the service's image anew.", otherwise: "`IfNotPresent`" }),
  podAnnotations: keyed(annotation, takenFault)
    .optional()
    .meta({ description: "Annotations of its pod, such as `prometheus.io/scrape`.", otherwise: "none" }),
  podLabels: keyed(labelValue, takenFault)
    .optional()
    .meta({ description: "Labels of its pod. Another value starts the pod again.", otherwise: "none" }),
  velero,
};
