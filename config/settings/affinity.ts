import { count, filledList, list, object } from "../fields";
import { dnsLabel } from "../forms";
import { labelKey, labelSelector, nodeTerm } from "./labels";

/** Kubernetes' own object `affinity`, with strict keys (kubernetes.io/docs/concepts/scheduling-eviction). */

const weight = count(1, 100);

const podTerm = object({
  labelSelector,
  topologyKey: labelKey,
  namespaces: list(dnsLabel).optional(),
  namespaceSelector: labelSelector.optional(),
  matchLabelKeys: list(labelKey).optional(),
  mismatchLabelKeys: list(labelKey).optional(),
});

const podAffinity = object({
  requiredDuringSchedulingIgnoredDuringExecution: list(podTerm).optional(),
  preferredDuringSchedulingIgnoredDuringExecution: list(object({ weight, podAffinityTerm: podTerm })).optional(),
});

export const affinity = object({
  nodeAffinity: object({
    requiredDuringSchedulingIgnoredDuringExecution: object({
      nodeSelectorTerms: filledList(nodeTerm, "name at least one term"),
    }).optional(),
    preferredDuringSchedulingIgnoredDuringExecution: list(object({ weight, preference: nodeTerm })).optional(),
  }).optional(),
  podAffinity: podAffinity.optional(),
  podAntiAffinity: podAffinity.optional(),
});
