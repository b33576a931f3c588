import { secret } from "../pulumi/secret-mark";
import { plain, type Container } from "./workloads";
import type { LiveObject } from "./types";

/**
 * What a live workload's containers say that the program's don't: variables, arguments and commands. Nobody can know
 * which of it is secret, so all of it is recorded as a secret.
 */

type Entries = Record<string, unknown>;

const lists = ["containers", "initContainers"];
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** Where a workload's pod is in it. */
const podPath = (kind: string) =>
  kind === "CronJob" ? ["spec", "jobTemplate", "spec", "template", "spec"] : ["spec", "template", "spec"];

/** Whether a live workload says something in its containers that the planned one doesn't. */
export function saysMore(planned: object | undefined, live: LiveObject): boolean {
  const known = new Set(textsOf(podIn(planned, live.kind)));
  return textsOf(podIn(live, live.kind)).some((text) => !known.has(text));
}

/**
 * The planned inputs of a workload with its containers as a secret, and kubectl's copy of the object too: a refresh
 * records what is live in the same places, and keeps it secret.
 */
export function asSecret(planned: Entries, live: LiveObject): Entries {
  const path = podPath(live.kind);
  const pod = (podIn(planned, live.kind) ?? {}) as Entries;
  const has = (podIn(live, live.kind) ?? {}) as Entries;
  const hidden = lists.flatMap((key) => ((pod[key] ?? has[key]) ? [[key, secret(pod[key] ?? plain(has[key]))]] : []));
  const changed = put(planned, path, { ...pod, ...Object.fromEntries(hidden) });
  const metadata = planned.metadata as { annotations?: Entries };
  if (!live.metadata.annotations?.[lastApplied]) return changed;
  return { ...changed, metadata: { ...metadata, annotations: secret(metadata.annotations ?? {}) } };
}

function podIn(object: object | undefined, kind: string): unknown {
  return podPath(kind).reduce<unknown>((value, key) => (value as Entries | undefined)?.[key], object);
}

function put(value: Entries, [key, ...rest]: string[], last: unknown): Entries {
  if (key === undefined) return last as Entries;
  return { ...value, [key]: put((value[key] ?? {}) as Entries, rest, last) };
}

/** Each variable with its value, each argument, and each word of a command. */
function textsOf(pod: unknown): string[] {
  return lists
    .flatMap((key) => ((pod ?? {}) as Record<string, Container[] | undefined>)[key] ?? [])
    .flatMap(({ env = [], ...container }) => [
      ...env.flatMap(({ name, value }) => (value === undefined ? [] : [`${name}=${value}`])),
      ...commandsIn(container),
    ]);
}

/** Of the container, of what it is asked by, and of what runs when it starts and ends. */
function commandsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === "command" || key === "args" || key === "httpHeaders"
      ? ((inner ?? []) as unknown[]).map((word) => (typeof word === "string" ? word : JSON.stringify(word)))
      : commandsIn(inner),
  );
}
