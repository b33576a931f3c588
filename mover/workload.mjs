// @ts-check
import { MoveError } from "./faults.mjs";
import { isOurs, ownVolume } from "./mounts.mjs";
import { movingAnnotation } from "./paths.mjs";

/** @import { Move, MoveEnd } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/**
 * Which end of the move a workload uses. Throws where it uses neither. @param {KubeObject} workload @param {Move} move
 * @returns {"source" | "target"}
 */
export function endInUse(workload, move) {
  const uses = move.template ? templateInUse(workload, move) : volumeInUse(workload, move);
  if (uses === undefined) {
    throw new MoveError(
      `${name(move)} uses neither ${nameOf(move.source)} nor ${nameOf(move.target)} for its ` +
        `volume ${move.volume}; nothing was changed`,
    );
  }
  return uses;
}

/** @param {MoveEnd} end */
export const nameOf = ({ claim }) => claim ?? "an emptyDir";

/** @param {Move} move */
export const name = ({ workload }) => `${workload.kind} ${workload.name}`;

/**
 * The target is a template's claim, the source one or the pod's own. @param {KubeObject} workload @param {Move} move
 */
function templateInUse({ spec }, { template = { from: "", to: "" }, source }) {
  const names = (spec.volumeClaimTemplates ?? []).map((/** @type {KubeObject} */ { metadata }) => metadata.name);
  if (names.includes(template.to)) return "target";
  const found = source.claim ? names.includes(template.from) : volumeOf(spec, template.from)?.emptyDir !== undefined;
  return found ? "source" : undefined;
}

/** @param {KubeObject} workload @param {Move} move */
function volumeInUse({ spec }, move) {
  const { source, target } = move;
  const found = ownVolume(spec.template.spec, move);
  const is = (/** @type {MoveEnd} */ { claim }) =>
    found && (claim ? found.persistentVolumeClaim?.claimName === claim : found.emptyDir !== undefined);
  if (is(target)) return "target";
  return is(source) ? "source" : undefined;
}

/** @param {KubeObject} spec of the workload @param {string} name @returns {KubeObject | undefined} */
const volumeOf = (spec, name) =>
  (spec.template.spec.volumes ?? []).find((/** @type {KubeObject} */ volume) => volume.name === name);

/** Puts the workload to rest, and says why. @param {Move} move */
export const stopPatch = ({ job }) => ({
  metadata: { annotations: { [movingAnnotation]: job } },
  spec: { replicas: 0 },
});

/** Wakes it up where it is. */
export const startPatch = () => ({ metadata: { annotations: { [movingAnnotation]: null } }, spec: { replicas: 1 } });

/**
 * Wakes the workload up on the targets; one with a pod that was made by hand rests until the update gives it the
 * stack's. Refused by the API server when the workload was changed since it was read.
 * @param {KubeObject} workload @param {Move[]} moves the job's own first
 */
export function switchPatch({ metadata, spec }, moves) {
  const { initContainers, volumes } = moves.reduce(
    (before, move) => ({ ...before, ...switchedPod(before, move) }),
    spec.template.spec,
  );
  const rests = moves[0]?.kind === "fill" && !isOurs(spec.template);
  const annotations = { [movingAnnotation]: rests ? null : moves[0]?.job };
  return {
    metadata: { resourceVersion: metadata.resourceVersion, annotations },
    spec: { replicas: rests ? 0 : 1, template: { spec: { initContainers, volumes } } },
  };
}

/** What of a pod changes with its volume. @param {KubeObject} before @param {Move} move */
function switchedPod(before, move) {
  const { volume, target, pod } = move;
  if (pod) return pod;
  const own = ownVolume(before, move)?.name;
  const { volumes, initContainers } = withoutSpill(before, volume);
  return {
    initContainers,
    volumes: volumes.map((/** @type {KubeObject} */ entry) =>
      entry.name === own ? { name: own, persistentVolumeClaim: { claimName: target.claim } } : entry,
    ),
  };
}

/** Of the init containers that fill an emptyDir from a claim, and of the volumes that only they have. */
const bringing = "bring-";

/** @param {string} name */
export const isSpillInit = (name) => name.startsWith(bringing);

/**
 * A pod's lists without what brought the volume's data from a claim. An absent list stays absent, in a patch too.
 * @param {KubeObject} pod @param {string} volume
 */
function withoutSpill({ volumes = [], initContainers = [] }, volume) {
  const others = (initContainers ?? []).filter((/** @type {KubeObject} */ { name }) => name !== `${bringing}${volume}`);
  const unused = others.some((/** @type {KubeObject} */ { name }) => isSpillInit(name))
    ? [`${bringing}${volume}`]
    : [`${bringing}${volume}`, `${bringing}scripts`];
  return {
    volumes: volumes.filter((/** @type {KubeObject} */ { name }) => !unused.includes(name)),
    initContainers: others.length > 0 ? others : initContainers?.length === 0 ? undefined : null,
  };
}

/** What makes a workload anew: without what the server adds. @param {KubeObject} workload @returns {KubeObject} */
export function manifestOf({ apiVersion = "apps/v1", kind = "StatefulSet", metadata, spec }) {
  const { name, namespace, labels, annotations } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, labels, annotations }, spec };
}

/**
 * A StatefulSet whose volume is the target, a claim from the new template.
 * @param {KubeObject} manifest @param {Move} move @param {KubeObject} claim the target
 */
export function withNewTemplate(manifest, { template = { from: "", to: "" } }, claim) {
  const { from, to } = template;
  const renamed = (/** @type {KubeObject} */ container) => ({
    ...container,
    ...(container.volumeMounts && {
      volumeMounts: container.volumeMounts.map((/** @type {KubeObject} */ mount) =>
        mount.name === from ? { ...mount, name: to } : mount,
      ),
    }),
  });
  const { volumes: _, initContainers: __, ...pod } = manifest.spec.template.spec;
  const { volumes, initContainers } = withoutSpill(manifest.spec.template.spec, from);
  // The old volume is either a template's or the pod's own.
  const others = volumes.filter((/** @type {KubeObject} */ volume) => volume.name !== from);
  const own = { volumes: others, ...(initContainers && { initContainers: initContainers.map(renamed) }) };
  const templates = (manifest.spec.volumeClaimTemplates ?? []).filter(
    (/** @type {KubeObject} */ { metadata }) => metadata.name !== from,
  );
  return {
    ...manifest,
    spec: {
      ...manifest.spec,
      replicas: 1,
      template: { ...manifest.spec.template, spec: { ...pod, ...own, containers: pod.containers.map(renamed) } },
      volumeClaimTemplates: [...templates, claimTemplate(claim, to)],
    },
  };
}

/**
 * The claim exists already: the template says what it is, and what a further one would get. @param {KubeObject} claim
 * @param {string} name
 */
function claimTemplate({ spec: { accessModes, storageClassName, resources } }, name) {
  return {
    metadata: { name },
    spec: {
      accessModes,
      ...(storageClassName !== undefined && { storageClassName }),
      resources: { requests: resources?.requests },
    },
  };
}

/** @param {KubeObject} workload */
export function isReady({ metadata, spec, status = {} }) {
  const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0, replicas = 0 } = status;
  return (
    observedGeneration >= metadata.generation &&
    spec.replicas > 0 &&
    readyReplicas >= spec.replicas &&
    updatedReplicas >= spec.replicas &&
    replicas === spec.replicas
  );
}

/** @param {KubeObject} workload */
export function isStopped({ metadata, spec, status = {} }) {
  return spec.replicas === 0 && (status.observedGeneration ?? 0) >= metadata.generation && (status.replicas ?? 0) === 0;
}

/** Pods that have the claim and are not done with it. @param {KubeObject[]} pods @param {string} claim */
export function podsUsing(pods, claim) {
  return pods.filter(
    ({ spec, status }) =>
      !["Succeeded", "Failed"].includes(status?.phase) &&
      (spec.volumes ?? []).some(
        (/** @type {KubeObject} */ volume) => volume.persistentVolumeClaim?.claimName === claim,
      ),
  );
}
