export interface Metadata {
  name?: string;
  generateName?: string;
  namespace?: string;
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
}

/** The part of a resource that the rules need. Both of the SDK's kinds of rules get it. */
export interface Resource {
  type: string;
  name: string;
  urn: string;
  props: Record<string, unknown>;
  opts: { protect?: boolean };
}

/** An object of Kubernetes that a resource makes, or a part of one that a patch sets. */
export interface KubeObject<Spec = object> {
  /** In any apiVersion, without `Patch` and `List`: `Pod` for `kubernetes:core/v1:PodPatch`. */
  kind: string;
  /** The object is there already, and keeps everything that isn't said here. */
  patch: boolean;
  /** Its name in messages, such as `PersistentVolumeClaim local-ai-data/postgres-data`. */
  what: string;
  props: Record<string, unknown> & { metadata?: Metadata; spec?: Spec };
  protect: boolean;
  urn: string;
}

/**
 * The objects that a resource makes or changes, whichever way its program says it: the kind itself, a list of it or of
 * several, or a patch. None for other providers' resources.
 */
export function objectsOf<Spec = object>({ type, name, urn, props, opts }: Resource): KubeObject<Spec>[] {
  if (!type.startsWith("kubernetes:")) return [];
  const said = type.split(":").at(-1)!;
  const patch = said.length > "Patch".length && said.endsWith("Patch");
  const kind = patch ? said.slice(0, -"Patch".length) : said;
  const common = { patch, protect: opts.protect === true, urn };
  return unpack(kind, props).map(({ kind: own, props, listed }) => {
    const label = listed ? own : said;
    const place = [props.metadata?.namespace, props.metadata?.name ?? name].filter(Boolean).join("/");
    const what = `${label} ${place}${listed ? ` in ${said} ${name}` : ""}`;
    return { ...common, kind: own, what, props: props as KubeObject<Spec>["props"] };
  });
}

type Said = Record<string, unknown> & { kind?: string; items?: unknown; metadata?: Metadata };

/** The items of a list, which may be lists themselves. An item of `PodList` need not say that it is a Pod. */
function unpack(kind: string, props: Said, listed = false): { kind: string; props: Said; listed: boolean }[] {
  if (!kind.endsWith("List") || !Array.isArray(props.items)) return [{ kind, props, listed }];
  const items = (props.items as (Said | null | undefined)[]).filter(
    (item) => typeof item === "object" && item !== null,
  );
  return items.flatMap((item) => unpack(item.kind ?? kind.slice(0, -"List".length), item, true));
}

/**
 * Whether one of these components made the resource, by the types of its parents in its URN: what a namespace is called
 * says nothing of what runs in it.
 */
export function madeBy({ urn }: Pick<Resource, "urn">, components: readonly string[]): boolean {
  // urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME
  const parents = (urn.split("::")[2] ?? "").split("$").slice(0, -1);
  return parents.some((parent) => components.includes(parent));
}
