import { type Item, nameOf } from "./objects";

/** A custom resource definition's full name, and the Helm release that it belongs to. */
export interface DefinitionFacts {
  name: string;
  /** `namespace/name` of the release, as Helm marks what it makes; "" for none. */
  release: string;
}

export function readDefinition(item: Item): DefinitionFacts {
  const annotations = item.metadata?.annotations ?? {};
  // Both are Helm's: it refuses an object that lacks one of them, or has another release's.
  const name = annotations["meta.helm.sh/release-name"];
  const namespace = annotations["meta.helm.sh/release-namespace"];
  return { name: nameOf(item), release: name && namespace ? `${namespace}/${name}` : "" };
}

/** The definitions as facts: their names, and the release of each. */
export const definitionLists = (definitions: readonly DefinitionFacts[]) => ({
  definitions: definitions.map(({ name }) => name),
  releases: Object.fromEntries(definitions.map(({ name, release }) => [name, release])),
});
