/** A resource as `pulumi stack export` writes it. Keys that aren't named here are kept unchanged. */
export interface StateResource {
  urn: string;
  type: string;
  custom?: boolean;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  parent?: string;
  provider?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
  deletedWith?: string;
  /** Why the object is not ready, though it exists. */
  initErrors?: string[];
  /** The object was deleted in the cluster; the state keeps it until its replacement is made. */
  pendingReplacement?: boolean;
  /** An old generation that is still to be deleted. */
  delete?: boolean;
}

export interface PendingOperation {
  type: string;
  resource: StateResource;
}

export interface Deployment {
  resources?: StateResource[];
  pending_operations?: PendingOperation[];
}

export interface StateExport {
  version: number;
  deployment: Deployment;
}

/** An object that was created and not recorded in the state. */
export interface Adoption {
  operation: PendingOperation;
  /** The provider's id: `namespace/name`, or `name`. */
  id: string;
  /** Who owns the object's fields; an update under another name would conflict with it. */
  fieldManager?: string;
}

/**
 * The state with the adopted objects recorded and without pending operations. The resources whose URNs are in `made`
 * exist again, so they no longer wait for a replacement. Pure; secrets stay encrypted as they were.
 */
export function resolvePending(
  state: StateExport,
  adoptions: readonly Adoption[],
  made: readonly string[] = [],
): StateExport {
  const { pending_operations: _pending, ...deployment } = state.deployment;
  const adopted = new Set(adoptions.map(({ operation }) => operation.resource.urn));
  const resources = (deployment.resources ?? []).map((resource) =>
    made.includes(resource.urn) ? standing(resource) : resource,
  );
  const kept = resources.filter(({ urn, pendingReplacement }) => !(pendingReplacement && adopted.has(urn)));
  return { ...state, deployment: { ...deployment, resources: inOrder([...kept, ...adoptions.map(recorded)]) } };
}

const standing = ({ pendingReplacement: _, ...resource }: StateResource): StateResource => resource;

/** When the object of a resource was made, in ms; undefined where the state doesn't say it. */
export function createdAt({ outputs }: StateResource): number | undefined {
  const { creationTimestamp } = (outputs?.metadata ?? {}) as { creationTimestamp?: unknown };
  return typeof creationTimestamp === "string" ? Date.parse(creationTimestamp) : undefined;
}

export const jobType = "kubernetes:batch/v1:Job";
export const claimType = "kubernetes:core/v1:PersistentVolumeClaim";

/** The claims that a state knows, by URN. */
export function claimsIn(state: StateExport): string[] {
  return (state.deployment.resources ?? []).filter(({ type }) => type === claimType).map(({ urn }) => urn);
}

/**
 * Just enough of the plugin's own records for the refresh that follows to read the rest. Secrets stay as the inputs
 * have them.
 */
function recorded({ operation, id, fieldManager }: Adoption): StateResource {
  const { apiVersion, kind, metadata } = operation.resource.inputs ?? {};
  const { name, namespace } = (metadata ?? {}) as Record<string, unknown>;
  const manager = fieldManager === undefined ? {} : { __fieldManager: fieldManager };
  return {
    ...operation.resource,
    id,
    outputs: {
      apiVersion,
      kind,
      metadata: { name, namespace },
      __inputs: operation.resource.inputs,
      __initialApiVersion: apiVersion,
      ...manager,
    },
  };
}

/** Puts each resource after everything that it refers to, because Pulumi requires that. Otherwise the order is kept. */
export function inOrder(resources: readonly StateResource[]): StateResource[] {
  const live = new Map(resources.filter((resource) => !resource.delete).map((resource) => [resource.urn, resource]));
  const ordered = new Set<StateResource>();
  const visiting = new Set<StateResource>();
  const visit = (resource: StateResource) => {
    if (ordered.has(resource) || visiting.has(resource)) return;
    visiting.add(resource);
    for (const urn of references(resource)) {
      const target = live.get(urn);
      if (target) visit(target);
    }
    ordered.add(resource);
  };
  resources.forEach(visit);
  return [...ordered];
}

/** The provider's URN in a provider reference, which is that URN, "::" and the provider's id. */
export const providerUrn = (reference: string | undefined) => reference?.slice(0, reference.lastIndexOf("::"));

function references({ parent, provider, dependencies, propertyDependencies, deletedWith }: StateResource): string[] {
  const properties = Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []);
  return [parent, providerUrn(provider), deletedWith, ...(dependencies ?? []), ...properties].filter(
    (urn) => urn !== undefined,
  );
}
