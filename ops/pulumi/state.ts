/** A resource as `pulumi stack export` writes it; what isn't named here is carried along untouched. */
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
  /** Why it is not ready, though it exists. */
  initErrors?: string[];
  /** Deleted in the cluster, kept here until its replacement is made. */
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

/** An object that was created and never recorded. */
export interface Adoption {
  operation: PendingOperation;
  /** The provider's id: `namespace/name`, or `name`. */
  id: string;
  /** Who owns the object's fields; an update under another name would conflict with it. */
  fieldManager?: string;
}

/**
 * The state with the adopted objects recorded and no pending operation left; those `made` again, by URN, wait for no
 * replacement any more. Pure; secrets stay as encrypted as they were.
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

/** When the object that the state knows was made, in ms; undefined where it doesn't say it. */
export function createdAt({ outputs }: StateResource): number | undefined {
  const { creationTimestamp } = (outputs?.metadata ?? {}) as { creationTimestamp?: unknown };
  return typeof creationTimestamp === "string" ? Date.parse(creationTimestamp) : undefined;
}

export const claimType = "kubernetes:core/v1:PersistentVolumeClaim";

/** The claims that a state knows, by URN. */
export function claimsIn(state: StateExport): string[] {
  return (state.deployment.resources ?? []).filter(({ type }) => type === claimType).map(({ urn }) => urn);
}

/**
 * Just enough of the plugin's own book-keeping for the refresh that follows to read the rest: secrets stay as the
 * inputs have them.
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

/** Pulumi wants a resource after everything that it refers to. The order is kept where that allows it. */
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

/** A provider reference is the provider's URN, "::" and its id. */
export const providerUrn = (reference: string | undefined) => reference?.slice(0, reference.lastIndexOf("::"));

function references({ parent, provider, dependencies, propertyDependencies, deletedWith }: StateResource): string[] {
  const properties = Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []);
  return [parent, providerUrn(provider), deletedWith, ...(dependencies ?? []), ...properties].filter(
    (urn) => urn !== undefined,
  );
}
