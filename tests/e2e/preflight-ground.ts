import { ops } from "./cli";
import { instance } from "./fixture";

export interface Report {
  ok: boolean;
  results: { group: string; id: string; level: string; title: string; wayOut?: string }[];
}

const beta = "storageclass.beta.kubernetes.io/is-default-class";

export const oldDefaultTitle = `old-default stays a default class besides the stack's, by the old annotation ${beta}`;

export const oldDefaultWayOut = `kubectl annotate storageclass old-default ${beta}-`;

export const refuses =
  "the update makes roles with rights that these credentials don't have themselves, which Kubernetes refuses:";

export const escalate =
  "have escalate and bind granted for clusterroles and roles (docs/ci.md; kubectl --context " +
  `cluster-storage-${instance} auth can-i escalate clusterroles tells) or these rights themselves, or name ` +
  "another context in cluster-storage:cluster.context";

/** What the tests do over and over to the cluster that they have. */
export function preflightGround() {
  const local = (...args: string[]) => ops(["preflight", ...args], { CLUSTER_STORAGE_INSTANCE: instance });
  /** What is no tick, as `level id: title`, and below each cross its way out. */
  const troubles = (stdout: string) =>
    (JSON.parse(stdout) as Report).results
      .filter(({ level }) => level !== "ok")
      .flatMap(({ level, id, title, wayOut }) => [
        `${level} ${id}: ${title}`,
        ...(level === "error" ? [`  ${wayOut}`] : []),
      ]);
  return { local, troubles };
}
