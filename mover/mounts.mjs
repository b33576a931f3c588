// @ts-check

/** @import { Move } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/**
 * The move's volume in a pod: by its name, else by where it is mounted. @param {KubeObject} pod @param {Move} move
 * @returns {KubeObject | undefined}
 */
export function ownVolume(pod, move) {
  const volumes = /** @type {KubeObject[]} */ (pod.volumes ?? []);
  const name = volumes.some((entry) => entry.name === move.volume) ? move.volume : mountsAt(pod, move)[0]?.mount.name;
  return volumes.find((entry) => entry.name === name);
}

/**
 * What a pod has where the volume's directories are expected. @param {KubeObject} pod @param {Move} move @returns {{
 * container: string, mount: KubeObject }[]}
 */
function mountsAt({ containers = [] }, { mounts = [] }) {
  const all = containers.flatMap((/** @type {KubeObject} */ { name, volumeMounts = [] }) =>
    volumeMounts.map((/** @type {KubeObject} */ mount) => ({ container: name, mount })),
  );
  return mounts.flatMap(
    ({ path }) => all.find((/** @type {{ mount: KubeObject }} */ { mount }) => mount.mountPath === path) ?? [],
  );
}

/**
 * The container that the data leaves: in a pod that was made by hand the one that has it. @param {KubeObject} pod
 * @param {Move} move @param {string} expected @returns {string}
 */
export function containerOf({ spec }, move, expected) {
  const named = spec.containers.some((/** @type {KubeObject} */ { name }) => name === expected);
  return named ? expected : (mountsAt(spec, move)[0]?.container ?? expected);
}

/**
 * Whether the stack made the pod. One that was made by hand may look for its data elsewhere on the volume, and its
 * namespace, which is the stack's by now, may take no other like it.
 * @param {KubeObject} template of the workload
 */
export const isOurs = ({ metadata }) => metadata?.labels?.["app.kubernetes.io/managed-by"] === "pulumi";
