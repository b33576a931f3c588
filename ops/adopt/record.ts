import { randomBytes, randomUUID } from "node:crypto";
import { stackAnnotation } from "../../model/metadata";
import { inOrder, providerUrn, type StateExport, type StateResource } from "../pulumi/state";
import { secret } from "../pulumi/secret-mark";
import { nameOf } from "./claims";
import { asSecret, saysMore } from "./foreign";
import type { Credential, LiveObject, Planned } from "./types";

/** Pulumi's placeholder for a value that is known only during the update. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Adopted {
  planned: Planned;
  live: LiveObject;
  /** The manager with which the next update applies the object. */
  fieldManager: string;
}

/**
 * Adds the adopted objects and generated values to the state, with the components and providers above them. Each object
 * gets only what the following refresh needs to read the rest. The function is pure except for new ids.
 */
export function recordAdopted(
  state: StateExport,
  planned: readonly Planned[],
  adopted: readonly Adopted[],
  credentials: readonly Omit<Credential, "service">[],
  stack: string,
): StateExport {
  const before = state.deployment.resources ?? [];
  const byUrn = new Map(planned.map((resource) => [resource.urn, resource]));
  const objects = adopted.map((one) => recordObject(one, stack));
  const values = credentials.flatMap(({ urn, value }) => {
    const resource = byUrn.get(urn);
    return resource ? [recordPassword(resource, value)] : [];
  });
  const known = new Set(before.map(({ urn }) => urn));
  const above = ancestors([...objects, ...values], byUrn, known);
  const fresh = [...above, ...objects, ...values].filter(({ urn }) => !known.has(urn));
  const all = [...before, ...fresh];
  const ids = new Map(all.map(({ urn, id }) => [urn, id ?? ""]));
  const resources = inOrder([...before, ...fresh.map((resource) => tied(resource, ids))]);
  return { ...state, deployment: { ...state.deployment, resources } };
}

/**
 * The state without the uid of the cluster that it was deployed to. That cluster was lost, and its volumes were brought
 * to another one.
 */
export function forgetCluster(state: StateExport): StateExport {
  const resources = (state.deployment.resources ?? []).map((resource) => {
    if (resource.type !== "pulumi:pulumi:Stack" || !resource.outputs?.cluster) return resource;
    const { uid: _, ...cluster } = resource.outputs.cluster as { uid?: string };
    return { ...resource, outputs: { ...resource.outputs, cluster } };
  });
  return { ...state, deployment: { ...state.deployment, resources } };
}

/** A new name for a field manager, in the form that Pulumi uses. */
export const newFieldManager = () => `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;

function recordObject({ planned, live, fieldManager }: Adopted, stack: string): StateResource {
  const { apiVersion, kind } = planned.inputs ?? {};
  const { name, namespace } = nameOf(planned);
  const known = knownOf(planned.inputs, live) as Record<string, unknown>;
  const inputs = { ...(saysMore(planned.inputs, live) ? asSecret(known, live) : known), ...secretData(live, stack) };
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return {
    ...lean(planned),
    id: namespace === undefined ? name : `${namespace}/${name}`,
    inputs,
    outputs: {
      apiVersion,
      kind,
      metadata,
      __inputs: inputs,
      __initialApiVersion: apiVersion,
      __fieldManager: fieldManager,
    },
  };
}

/**
 * All values of a Secret that is this stack's. In any other Secret we don't know which values are ours; the next update
 * writes them.
 */
function secretData({ kind, data, metadata }: LiveObject, stack: string): { stringData?: unknown } {
  if (kind !== "Secret") return {};
  const own = metadata.annotations?.[stackAnnotation] === stack;
  const values = Object.entries((own ? data : {}) as Record<string, string>).map(([key, value]) => [
    key,
    Buffer.from(value, "base64").toString(),
  ]);
  return { stringData: values.length > 0 ? secret(Object.fromEntries(values)) : undefined };
}

/** Records everything that the official plugin keeps of a password, so that neither plugin finds a difference. */
function recordPassword(planned: Planned, value: string): StateResource {
  const rules = {
    lower: true,
    upper: true,
    numeric: true,
    number: true,
    minLower: 0,
    minUpper: 0,
    minNumeric: 0,
    minSpecial: 0,
    overrideSpecial: "",
  };
  return {
    ...lean(planned),
    id: "none",
    outputs: { ...rules, ...planned.inputs, result: secret(value), __meta: JSON.stringify({ schema_version: "3" }) },
  };
}

/** The components, the stack and the providers above the resources that the state doesn't have yet. */
function ancestors(
  resources: readonly StateResource[],
  planned: ReadonlyMap<string, Planned>,
  known: ReadonlySet<string>,
): StateResource[] {
  const found = new Map<string, StateResource>();
  const visit = ({ parent, provider }: StateResource) => {
    for (const urn of [parent, providerUrn(provider)]) {
      if (urn === undefined || known.has(urn) || found.has(urn)) continue;
      const resource = planned.get(urn);
      if (!resource && urn !== providerUrn(provider)) continue;
      const recorded = urn === providerUrn(provider) ? recordProvider(urn, resource) : lean(resource!);
      found.set(urn, recorded);
      visit(recorded);
    }
  };
  resources.forEach(visit);
  return [...found.values()];
}

/** A preview doesn't show a default provider. The provider's name contains its version, as in `default_4_21_2`. */
function recordProvider(urn: string, planned: Planned | undefined): StateResource {
  const [, , type = "", name = ""] = urn.split("::");
  const made: StateResource = {
    urn,
    type,
    custom: true,
    inputs: { __internal: {}, version: name.replace(/^default_/, "").replaceAll("_", ".") },
  };
  const { inputs, ...rest } = planned ? lean(planned) : made;
  const { __internal: _, ...outputs } = inputs ?? {};
  return { ...rest, inputs, outputs, id: randomUUID() };
}

/** Leaves out the resource's place in the program's source, because the next update knows it better. */
function lean(planned: Planned): StateResource {
  const {
    sourcePosition: _,
    stackTrace: __,
    ...resource
  } = planned as Planned & { sourcePosition?: unknown; stackTrace?: unknown };
  return resource;
}

/** Adds the provider's id, and removes dependencies on what isn't recorded. The next update adds those again. */
function tied(resource: StateResource, ids: ReadonlyMap<string, string>): StateResource {
  const urn = providerUrn(resource.provider);
  const there = (urns: readonly string[]) => urns.filter((dependency) => ids.has(dependency));
  const properties = Object.entries(resource.propertyDependencies ?? {}).map(([name, urns]) => [
    name,
    there(urns ?? []),
  ]);
  return {
    ...resource,
    ...(urn && { provider: `${urn}::${ids.get(urn)}` }),
    ...(resource.dependencies && { dependencies: there(resource.dependencies) }),
    ...(resource.propertyDependencies && {
      propertyDependencies: Object.fromEntries(properties) as Record<string, string[]>,
    }),
  };
}

/**
 * Where only the update would know a value, this takes the object's value: a checksum of the same secrets,
 * for instance.
 */
function knownOf(value: unknown, live: unknown): unknown {
  if (Array.isArray(value))
    return value.map((below: unknown, i) => knownOf(below, Array.isArray(live) ? live[i] : undefined));
  if (typeof value !== "object" || value === null) return value;
  const has = (live ?? {}) as Record<string, unknown>;
  const entries = Object.entries(value).map(([key, below]) => [
    key,
    below === unknown ? has[key] : knownOf(below, has[key]),
  ]);
  return Object.fromEntries(entries.filter(([, below]) => below !== undefined));
}
