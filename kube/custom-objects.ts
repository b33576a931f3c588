import type { CustomObjectFacts } from "../model/preflight-facts";
import type { Api } from "./api";
import { metadataOnly, readList } from "./lists";
import { type Item, nameOf, namespaceOf } from "./read/objects";

/**
 * The objects of these API groups in all namespaces, as far as their kinds are among the `definitions`. Undefined where
 * any of them may not or can't be read: what isn't known to be absent may be there.
 */
export async function listCustomObjects(
  api: Api,
  groups: readonly string[],
  definitions: readonly string[] | undefined,
): Promise<CustomObjectFacts[] | undefined> {
  if (!definitions) return undefined;
  const lists = await Promise.all(
    groups.map((group) =>
      ofGroup(
        api,
        group,
        definitions.filter((name) => groupOf(name) === group),
      ),
    ),
  );
  return whole(lists);
}

/** A definition's name is its kind's plural, a dot, and its group. */
const groupOf = (definition: string) => definition.slice(definition.indexOf(".") + 1);

async function ofGroup(api: Api, group: string, definitions: string[]): Promise<CustomObjectFacts[] | undefined> {
  if (definitions.length === 0) return [];
  const { status, body } = await api.ask(`/apis/${group}`);
  if (status !== 200) return undefined;
  const { preferredVersion } = JSON.parse(body) as { preferredVersion: { version: string } };
  return whole(await Promise.all(definitions.map((name) => ofKind(api, group, preferredVersion.version, name))));
}

async function ofKind(api: Api, group: string, version: string, definition: string) {
  const plural = definition.slice(0, definition.indexOf("."));
  const { status, body } = await api.ask(`/apis/${group}/${version}/${plural}`, { accept: metadataOnly });
  const read = (item: Item): CustomObjectFacts => ({ definition, namespace: namespaceOf(item), name: nameOf(item) });
  // A kind that isn't in the preferred version isn't served there: its objects can't be counted so.
  return status === 200 ? readList(body, read) : undefined;
}

const whole = <Fact>(lists: (Fact[] | undefined)[]): Fact[] | undefined =>
  lists.every((list) => list !== undefined) ? lists.flat() : undefined;
