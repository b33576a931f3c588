// @ts-check
import { MoveError } from "./faults.mjs";
import { movingAnnotation } from "./paths.mjs";

/** @import { Move, MoveEnd } from "./types.d.ts" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/** Which end of the move a workload uses. Throws where it uses neither. @param {KubeObject} workload @param {Move} move @returns {"source" | "target"} */
export function endInUse(workload, move) {
  const uses = move.template ? templateInUse(workload, move) : volumeInUse(workload, move);
  if (uses === undefined) {
    throw new MoveError(`${name(move)} uses neither ${nameOf(move.source)} nor ${nameOf(move.target)} for its volume ${move.volume}; nothing was changed`);
  }
  return uses;
}

/** @param {MoveEnd} end */
export const nameOf = ({ claim }) => claim ?? "its emptyDir";

/** @param {Move} move */
export const name = ({ workload }) => `${workload.kind} ${workload.name}`;

/** @param {KubeObject} workload @param {Move} move */
function templateInUse({ spec }, { template }) {
  const names = (spec.volumeClaimTemplates ?? []).map((/** @type {KubeObject} */ { metadata }) => metadata.name);
  if (names.includes(template?.to)) return "target";
  return names.includes(template?.from) ? "source" : undefined;
}

/** @param {KubeObject} workload @param {Move} move */
function volumeInUse({ spec }, { volume, source, target }) {
  const found = (spec.template.spec.volumes ?? []).find((/** @type {KubeObject} */ { name }) => name === volume);
  const is = (/** @type {MoveEnd} */ { claim }) => found && (claim ? found.persistentVolumeClaim?.claimName === claim : found.emptyDir !== undefined);
  if (is(target)) return "target";
  return is(source) ? "source" : undefined;
}

/** Puts the workload to rest, and says why. @param {Move} move */
export const stopPatch = ({ job }) => ({ metadata: { annotations: { [movingAnnotation]: job } }, spec: { replicas: 0 } });

/** Wakes it up where it is. */
export const startPatch = () => ({ metadata: { annotations: { [movingAnnotation]: null } }, spec: { replicas: 1 } });

/**
 * Wakes the workload up on the target. Refused by the API server when the workload was changed since it was read.
 * @param {KubeObject} workload @param {Move} move
 */
export function switchPatch({ metadata, spec }, { volume, target }) {
  const volumes = spec.template.spec.volumes.map((/** @type {KubeObject} */ entry) => (entry.name === volume ? { name: volume, ...volumeSource(target) } : entry));
  return { metadata: { resourceVersion: metadata.resourceVersion }, spec: { replicas: 1, template: { spec: { volumes } } } };
}

/** @param {MoveEnd} end */
function volumeSource({ claim, size }) {
  return claim ? { persistentVolumeClaim: { claimName: claim } } : { emptyDir: size ? { sizeLimit: size } : {} };
}

/** What makes a workload anew: without what the server adds. @param {KubeObject} workload @returns {KubeObject} */
export function manifestOf({ apiVersion = "apps/v1", kind = "StatefulSet", metadata, spec }) {
  const { name, namespace, labels, annotations } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, labels, annotations }, spec };
}

/** A StatefulSet whose claim comes from the new template. Nothing else is changed. @param {KubeObject} manifest @param {Move} move @returns {KubeObject} */
export function withNewTemplate(manifest, { template, target }) {
  const { from, to } = template ?? { from: "", to: "" };
  const renamed = (/** @type {KubeObject} */ container) => ({
    ...container,
    ...(container.volumeMounts && { volumeMounts: container.volumeMounts.map((/** @type {KubeObject} */ mount) => (mount.name === from ? { ...mount, name: to } : mount)) }),
  });
  const pod = manifest.spec.template.spec;
  const containers = { containers: pod.containers.map(renamed), ...(pod.initContainers && { initContainers: pod.initContainers.map(renamed) }) };
  return {
    ...manifest,
    spec: {
      ...manifest.spec,
      replicas: 1,
      template: { ...manifest.spec.template, spec: { ...pod, ...containers } },
      volumeClaimTemplates: manifest.spec.volumeClaimTemplates.map((/** @type {KubeObject} */ claim) => (claim.metadata.name === from ? claimTemplate(claim, to, target) : claim)),
    },
  };
}

/** The claim exists already; the template's size is only what a further one would get. @param {KubeObject} claim @param {string} name @param {MoveEnd} target */
function claimTemplate({ metadata, spec }, name, { size }) {
  return { metadata: { ...metadata, name }, spec: { ...spec, ...(size && { resources: { requests: { storage: size } } }) } };
}

/** @param {KubeObject} workload */
export function isReady({ metadata, spec, status = {} }) {
  const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0, replicas = 0 } = status;
  return observedGeneration >= metadata.generation && spec.replicas > 0 && readyReplicas >= spec.replicas && updatedReplicas >= spec.replicas && replicas === spec.replicas;
}

/** @param {KubeObject} workload */
export function isStopped({ metadata, spec, status = {} }) {
  return spec.replicas === 0 && (status.observedGeneration ?? 0) >= metadata.generation && (status.replicas ?? 0) === 0;
}

/** Pods that have the claim and are not done with it. @param {KubeObject[]} pods @param {string} claim */
export function podsUsing(pods, claim) {
  return pods.filter(({ spec, status }) => !["Succeeded", "Failed"].includes(status?.phase) && (spec.volumes ?? []).some((/** @type {KubeObject} */ volume) => volume.persistentVolumeClaim?.claimName === claim));
}
