import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import type { V1Secret } from "@kubernetes/client-node";
import { ifFound, type Kube } from "../../kube/client";
import type { Deployment, PendingOperation } from "../pulumi/state";
import { pendingOperations, type Decision } from "./decide";

/** A record that Helm keeps of a release, one for each install, upgrade or rollback of it. */
export interface Revision {
  secret: string;
  uid: string;
  version: number;
  /** Such as `deployed`, `pending-install` or `superseded`. */
  status: string;
  /** The chart's name; absent where the record can't be read. */
  chart?: string;
}

/** What is to be done about a release in whose middle an update was killed. */
export interface HelmVerdict {
  /** The record that keeps the next update from going on. */
  remove?: Revision;
  /** Of a release whose creation was cut off; a recorded one is read again. */
  action?: "clear" | "leave";
  why: string;
}

export const isHelm = ({ resource }: PendingOperation) => resource.type === "kubernetes:helm.sh/v3:Release";

/** The chart's name: the last part of a path or an OCI address, of an archive without its version. */
const nameOf = (chart: string) => basename(chart).replace(/-v?\d[^/]*\.tgz$/, "");

/** Only the record of what was not finished is removed: never that of a deployed release, nor of another chart's. */
export function judgeHelm(id: string, chart: string, isNew: boolean, revisions: readonly Revision[]): HelmVerdict {
  const sorted = [...revisions].sort((a, b) => b.version - a.version);
  const [last] = sorted;
  if (!last) return { action: isNew ? "clear" : undefined, why: "was never created" };
  if (last.chart !== nameOf(chart))
    return {
      action: isNew ? "leave" : undefined,
      why: `exists as Helm release ${id} and is of ${last.chart ? `the chart ${last.chart}` : "an unknown chart"}`,
    };
  const deployed = sorted.find(({ status }) => status === "deployed");
  const removed = `its record ${last.secret} was removed`;
  if (!deployed && ["pending-install", "failed"].includes(last.status) && last.version === 1)
    return {
      remove: last,
      action: isNew ? "clear" : undefined,
      why:
        `was not installed to its end (${last.status}): ${removed}, and the next update installs it over what ` +
        "is there",
    };
  const pending = ["pending-upgrade", "pending-rollback"].includes(last.status);
  const remove = pending && deployed ? last : undefined;
  const state = remove ? `: ${removed}, and revision ${deployed!.version} counts again` : "";
  if (!isNew) return { remove, why: `is ${last.status}${state}` };
  return {
    remove,
    action: "leave",
    why:
      `exists as Helm release ${id} (${last.status})${state}. Take it into the state, which changes nothing in the ` +
      `cluster: pulumi import kubernetes:helm.sh/v3:Release ${basename(id)} ${id}`,
  };
}

/**
 * Makes Helm releases updatable again whose install or upgrade was cut off. Returns what becomes of each creation that
 * was cut off, by URN. What a release has made in the cluster stays as it is.
 */
export async function recoverHelm(
  kube: Pick<Kube, "core">,
  deployment: Deployment,
  say: (line: string) => void,
): Promise<Map<string, Decision>> {
  const decisions = new Map<string, Decision>();
  for (const { type, resource } of pendingOperations(deployment).filter(isHelm)) {
    const { name, namespace, chart } = resource.inputs ?? {};
    if (typeof name !== "string" || typeof namespace !== "string" || typeof chart !== "string") continue;
    const revisions = await readRevisions(kube, namespace, name);
    const { remove, action, why } = judgeHelm(`${namespace}/${name}`, chart, type === "creating", revisions);
    if (remove) await removeRecord(kube, namespace, remove);
    if (action) decisions.set(resource.urn, { action, urn: resource.urn, why });
    else if (remove) say(`Helm release ${namespace}/${name} ${why}`);
  }
  return decisions;
}

async function readRevisions({ core }: Pick<Kube, "core">, namespace: string, name: string): Promise<Revision[]> {
  const { items } = await core.listNamespacedSecret({ namespace, labelSelector: `owner=helm,name=${name}` });
  return items.filter(({ type }) => type === "helm.sh/release.v1").map(readRevision);
}

export function readRevision({ metadata, data }: V1Secret): Revision {
  const { name = "", uid = "", labels = {} } = metadata ?? {};
  const chart = chartOf(data?.release);
  return {
    secret: name,
    uid,
    version: Number(labels.version),
    status: labels.status ?? "unknown",
    ...(chart === undefined ? {} : { chart }),
  };
}

/** Helm writes JSON, compressed, as base64, which the Secret holds as base64 once more. */
function chartOf(release: string | undefined): string | undefined {
  try {
    const packed = Buffer.from(Buffer.from(release ?? "", "base64").toString("ascii"), "base64");
    const content = JSON.parse(gunzipSync(packed).toString("utf8")) as { chart?: { metadata?: { name?: string } } };
    return content.chart?.metadata?.name;
  } catch {
    return undefined;
  }
}

async function removeRecord({ core }: Pick<Kube, "core">, namespace: string, { secret, uid }: Revision): Promise<void> {
  await ifFound(core.deleteNamespacedSecret({ namespace, name: secret, body: { preconditions: { uid } } }));
}
