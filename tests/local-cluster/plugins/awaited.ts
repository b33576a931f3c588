import { awaitReady } from "../../../local-cluster/plugins/kubernetes/awaits/await";
import { awaits } from "../../../local-cluster/plugins/kubernetes/awaits/catalogue";
import type { Context } from "../../../local-cluster/plugins/kubernetes/context";
import type { JsonObject } from "../../../local-cluster/plugins/protocol/values";

type Get = (asked: number) => JsonObject | Error;

/** A cluster that answers each read of the object in turn, and lists these objects by kind. */
export function contextOf(get: Get, listed: Record<string, JsonObject[]> = {}): Context {
  let asked = 0;
  const cluster = {
    get: async () => {
      const answer = get(asked++);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    list: async (_: string, kind: string) => listed[kind] ?? [],
    watch: async (_: unknown, tell: () => void) => {
      tell();
      return () => undefined;
    },
  };
  const engine = { status: () => undefined, clear: () => undefined };
  return { cluster, engine, cancelled: new AbortController().signal } as unknown as Context;
}

export const metadata = { name: "x", namespace: "n", uid: "u", generation: 1 };

/** How a wait of half a second ends: "ready", or what it says. */
export async function waited(created: JsonObject, get: Get, listed?: Record<string, JsonObject[]>): Promise<string> {
  const context = contextOf(get, listed);
  return awaitReady({ context, urn: "urn", inputs: created, created, timeout: 0.5, manager: "m" }).then(
    () => "ready",
    (error: Error & { partial?: { reasons: string[] } }) =>
      [error.message, ...(error.partial?.reasons ?? [])].join("; "),
  );
}

/** What the catalogue says of an object. */
export const checked = async (object: JsonObject, listed: Record<string, JsonObject[]> = {}, since = 0) => {
  const context = contextOf(() => object, listed);
  const key = `${String(object.apiVersion)}/${String(object.kind)}`;
  return awaits[key]!.check({ context, live: object, created: object, since });
};
export const isReady = async (...args: Parameters<typeof checked>) => (await checked(...args)).ready;
