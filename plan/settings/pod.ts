import type { PodPasses, PodSettings, Spread } from "../../model/pod-settings";

/** What the config says of a service's pods, in the form of a pod. */

const keys = [
  "nodeSelector",
  "affinity",
  "tolerations",
  "topologySpreadConstraints",
  "priorityClassName",
  "imagePullSecrets",
  "imagePullPolicy",
  "podAnnotations",
  "podLabels",
] as const satisfies readonly (keyof PodSettings)[];

/** A key with nothing in it says nothing. */
const isEmpty = (value: unknown) => typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** The settings that say something; undefined where there are none. */
export function planPod(config: PodSettings): PodSettings | undefined {
  const said = keys.filter((key) => config[key] !== undefined && !isEmpty(config[key]));
  return said.length > 0 ? Object.fromEntries(said.map((key) => [key, config[key]])) : undefined;
}

/** The settings that all pods have that work for a service, of whichever image. */
export function passesOf({ tolerations, priorityClassName, imagePullSecrets }: PodSettings = {}): PodPasses {
  return {
    ...(tolerations && { tolerations }),
    ...(priorityClassName !== undefined && { priorityClassName }),
    ...(imagePullSecrets && { imagePullSecrets }),
  };
}

/** The fields of a pod's spec that these settings are. */
export function passFields({ tolerations, priorityClassName, imagePullSecrets }: PodPasses = {}) {
  return {
    ...(tolerations && { tolerations }),
    ...(priorityClassName !== undefined && { priorityClassName }),
    ...(imagePullSecrets && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
  };
}

/** The fields of a spec of a pod that goes only where the service's volume may be made. */
export function nodeFields({ nodeSelector, affinity }: PodSettings = {}) {
  const nodeAffinity = affinity?.nodeAffinity;
  return { ...(nodeSelector && { nodeSelector }), ...(nodeAffinity && { affinity: { nodeAffinity } }) };
}

/**
 * The fields of the spec of a service's own pod. `labels`: of the stack's pods, which are spread where a constraint
 * doesn't say which.
 */
export function placeFields(pod: PodSettings = {}, labels: Record<string, string>) {
  const { nodeSelector, affinity, topologySpreadConstraints } = pod;
  const spread = (constraint: Spread) => ({ labelSelector: { matchLabels: labels }, ...constraint });
  return {
    ...passFields(pod),
    ...(nodeSelector && { nodeSelector }),
    ...(affinity && { affinity }),
    ...(topologySpreadConstraints && { topologySpreadConstraints: topologySpreadConstraints.map(spread) }),
  };
}

/** The Secrets of a pod that has images of two services. */
export const withSecretsOf = (pod: PodSettings | undefined, other: PodPasses | undefined): PodSettings | undefined =>
  other?.imagePullSecrets
    ? { ...pod, imagePullSecrets: [...new Set([...(pod?.imagePullSecrets ?? []), ...other.imagePullSecrets])] }
    : pod;
