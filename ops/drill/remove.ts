import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject, V1Namespace } from "@kubernetes/client-node";
import { deletePod } from "../../kube/pods";
import { ifFound, type Kube } from "../../kube/client";
import { UserError } from "../../model/user-error";
import { NotYet, waitFor } from "../terminal/wait";
import { aliveAnnotation, drillLabel, drillNamespace, recordAnnotation } from "./names";
import { awaitVolumesGone, keepNot } from "./volumes";

/** How often a running drill says that it runs, in ms. */
export const beat = 5000;

/** A namespace that an earlier drill has left, which runs no more. */
export interface Left {
  namespace: string;
  run: string;
  /** The key of the record that it wrote to the services. */
  key?: string;
}

/**
 * What an earlier drill of the stack has left. Throws a UserError where one still runs, and where a namespace of that
 * name is no drill's.
 */
export async function findLeft(kube: Kube, home: string, say: (line: string) => void): Promise<Left[]> {
  const names = (["newest", "before"] as const).map((side) => drillNamespace(home, side));
  const found = await Promise.all(names.map((name) => ifFound(kube.core.readNamespace({ name }))));
  const left = found.flatMap((namespace) => (namespace ? [{ namespace, ...ofDrill(namespace) }] : []));
  const alive = left.filter(({ namespace }) => !namespace.metadata?.deletionTimestamp);
  if (alive.length > 0) {
    say(
      `the namespace ${alive[0]!.namespace.metadata?.name} of an earlier drill is there; looking for ` +
        `${(3 * beat) / 1000} s whether that still runs`,
    );
    await Promise.all(alive.map(({ namespace }) => assertDead(kube, namespace)));
  }
  return left.map(({ namespace, ...known }) => ({ namespace: namespace.metadata?.name ?? "", ...known }));
}

function ofDrill({ metadata }: V1Namespace): Omit<Left, "namespace"> {
  const { name, labels = {}, annotations = {} } = metadata ?? {};
  const [run, key] = [labels[drillLabel], annotations[recordAnnotation]];
  if (run !== undefined) return { run, ...(key !== undefined && { key }) };
  throw new UserError(
    `the namespace ${name} is there, and no drill has made it; nothing was changed. A drill needs that name: another ` +
      "name for cluster-storage:backups.namespace gives drills another one too",
  );
}

/** A drill that runs changes its namespace again and again. No clock has to be right for that. */
async function assertDead({ core }: Kube, { metadata }: V1Namespace): Promise<void> {
  const { name = "", annotations = {}, creationTimestamp } = metadata ?? {};
  const until = Date.now() + 3 * beat;
  while (Date.now() < until) {
    await sleep(1000);
    const now = await ifFound(core.readNamespace({ name }));
    if (now && now.metadata?.annotations?.[aliveAnnotation] !== annotations[aliveAnnotation])
      throw new UserError(
        `a drill of this stack runs already, since ${creationTimestamp?.toISOString()}; nothing was changed. Wait ` +
          "for its end, and run the command again",
      );
  }
}

/** What clusters put into each namespace: certificates, accounts, and what belongs to these. */
const usual = ({ kind, metadata }: KubernetesObject) =>
  (kind === "ConfigMap" && /\.crt$/.test(metadata?.name ?? "")) ||
  kind === "ServiceAccount" ||
  metadata?.annotations?.["kubernetes.io/service-account.name"] !== undefined;

/**
 * Removes a drill's namespace with all that is in it, and its volumes. Throws a UserError where something in it is not
 * this run's: then only what is this run's is removed.
 */
export async function removeGround(kube: Kube, name: string, run: string): Promise<void> {
  const found = await ifFound(kube.core.readNamespace({ name }));
  if (found) {
    if (found.metadata?.labels?.[drillLabel] !== run)
      throw new UserError(`the namespace ${name} is not this drill's any more; nothing was removed there`);
    const foreign = await emptyGround(kube, name, run);
    if (foreign.length > 0)
      throw new UserError(
        `in the drill's namespace ${name} is something that no drill has made, so it stays: ${foreign.join(", ")}. ` +
          `Look at it, and delete it: kubectl delete namespace ${name}`,
      );
    const { uid } = found.metadata ?? {};
    await ifFound(kube.core.deleteNamespace({ name, body: { preconditions: { uid } } }));
    const look = async () => {
      const now = await ifFound(kube.core.readNamespace({ name }));
      if (now?.metadata?.uid === uid)
        throw new NotYet(
          `the drill's namespace ${name} is still terminating: ` +
            (now?.status?.conditions?.find(({ status, type }) => status === "True" && type !== "Active")?.message ??
              "no reason given"),
        );
    };
    await waitFor(look, { patience: 180_000, every: 500 });
  }
  await awaitVolumesGone(kube, { namespace: name, run });
}

const kinds = ["Pod", "PersistentVolumeClaim", "Secret", "ConfigMap", "Service", "ServiceAccount"];

/** Removes a run's pods, claims and Secrets. Returns what else is there that is not this run's. */
async function emptyGround(kube: Kube, namespace: string, run: string): Promise<string[]> {
  const lists = await Promise.all(
    kinds.map(async (kind) =>
      (await kube.objects.list<KubernetesObject>("v1", kind, namespace)).items.map((item) => ({ ...item, kind })),
    ),
  );
  const all = lists.flat();
  const own = all.filter(({ metadata }) => metadata?.labels?.[drillLabel] === run);
  for (const { kind, metadata } of own) {
    const { name = "", uid } = metadata ?? {};
    const at = { name, namespace, body: { preconditions: { uid } } };
    if (kind === "Pod") await deletePod(kube, { metadata });
    if (kind === "Secret") await ifFound(kube.core.deleteNamespacedSecret(at));
    if (kind !== "PersistentVolumeClaim") continue;
    await keepNot(kube, { namespace, run }, name);
    await ifFound(kube.core.deleteNamespacedPersistentVolumeClaim(at));
  }
  return all
    .filter((each) => each.metadata?.labels?.[drillLabel] !== run && !usual(each))
    .map(({ kind, metadata }) => `${kind} ${metadata?.name}`);
}
