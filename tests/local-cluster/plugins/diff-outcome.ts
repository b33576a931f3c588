import type { Context } from "../../../local-cluster/plugins/kubernetes/context";
import { diff } from "../../../local-cluster/plugins/kubernetes/diff";
import { formatPath } from "../../../local-cluster/plugins/protocol/diff";
import type { JsonObject, Properties } from "../../../local-cluster/plugins/protocol/values";

/** The provider's default: data is replaced. */
export const immutable = { enableConfigMapMutable: false, enableSecretMutable: false };
/** The metadata of every object that is compared. */
export const identity = { name: "x", namespace: "n" };

/** What the plugin would do: the paths that replace, those that are changed in place. */
interface Outcome {
  replaces: string[];
  updates: string[];
  deleteBeforeReplace: boolean;
}

/** Compares two inputs of one kind, as the plugin does for a preview. */
export async function outcome(
  kind: string,
  before: Properties,
  after: Properties,
  options: {
    settings?: typeof immutable;
    live?: JsonObject;
    token?: string;
    ignoreChanges?: string[];
  } = {},
): Promise<Outcome> {
  const [apiVersion, name] = [kind.slice(0, kind.lastIndexOf("/")), kind.slice(kind.lastIndexOf("/") + 1)];
  const full = (inputs: Properties): Properties => ({ apiVersion, kind: name, metadata: identity, ...inputs });
  const { changes, deleteBeforeReplace } = await diff(
    {
      id: "n/x",
      urn: `urn:pulumi:s::p::kubernetes:${options.token ?? `${apiVersion}:${name}`}::x`,
      olds: { ...(options.live ?? { metadata: identity }), __inputs: full(before) },
      oldInputs: {},
      news: full(after),
      ignoreChanges: options.ignoreChanges ?? [],
    },
    { settings: options.settings ?? immutable } as Context,
  );
  const paths = (replace: boolean): string[] =>
    changes.filter((c) => c.replace === replace).map((c) => formatPath(c.path));
  return { replaces: paths(true), updates: paths(false), deleteBeforeReplace };
}
