import type { V1NetworkPolicy } from "@kubernetes/client-node";
import { errorCode, failureOf, type Kube } from "../../kube/client";
import { mergePatch } from "../../kube/patch";
import { backupsName } from "../../model/backup";
import { UserError } from "../../model/user-error";
import { readOpens } from "../restore/of-backup";
import type { Original } from "./copy";
import { aliveAnnotation, drillMetadata, type Ground } from "./names";
import { namespaceOf, policiesOf, quotaOf, sizeOf } from "./objects";
import { beat } from "./remove";

export interface Grounded {
  /** The namespace of the stack's backups. */
  home: string;
  originals: readonly Original[];
  /** The key of the run's records. */
  key: string;
}

/**
 * Makes a side's namespace, closed, with what opens the repository. `made` is called once the namespace is there.
 * Throws a UserError where the cluster refuses.
 */
export async function makeGround(kube: Kube, ground: Ground, grounded: Grounded, made: () => void): Promise<void> {
  try {
    await fillGround(kube, ground, grounded, made);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new UserError(`the drill's namespace ${ground.namespace} could not be made: ${failureOf(error)}`);
  }
}

async function fillGround(
  kube: Kube,
  ground: Ground,
  { home, originals, key }: Grounded,
  made: () => void,
): Promise<void> {
  const { core, objects } = kube;
  const { namespace } = ground;
  const names = [...new Set(originals.map(({ task }) => task.namespace))];
  const [{ secret, programs, policy }, like] = await Promise.all([
    readOpens(kube, home),
    Promise.all(names.map((name) => core.readNamespace({ name }))),
  ]);
  await core.createNamespace({ body: namespaceOf(ground, { like, key }) });
  made();
  const sizes = originals.flatMap(({ claims }) => claims.map(({ claim }) => sizeOf(claim)));
  const bounds = [...policiesOf(ground, policy.spec?.egress), quotaOf(ground, sizes, originals.length)];
  for (const object of bounds) await objects.create(object as V1NetworkPolicy & { metadata: object });
  const own = { metadata: drillMetadata(ground, backupsName) };
  await core.createNamespacedSecret({ namespace, body: { ...own, data: secret.data } });
  await core.createNamespacedConfigMap({ namespace, body: { ...own, data: programs.data } });
}

/** Shows others that this run goes on. Returns what ends that. */
export function keepAlive(kube: Kube, grounds: readonly Ground[]): () => void {
  let count = 0;
  const show = ({ namespace: name }: Ground) => {
    const annotations = { [aliveAnnotation]: String(count) };
    const patch = { apiVersion: "v1", kind: "Namespace", metadata: { name, annotations } };
    mergePatch(kube, patch).catch(() => undefined);
  };
  const timer = setInterval(() => {
    count += 1;
    grounds.forEach(show);
  }, beat);
  return () => clearInterval(timer);
}
