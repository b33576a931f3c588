import type { StateExport, StateResource } from "../pulumi/state";

/** What is in a cluster, or acts on one. Generated values and providers are in the state alone. */
const isOfCluster = ({ type }: StateResource) => type.startsWith("kubernetes:") || type.startsWith("command:");

/**
 * The state without everything that was in the cluster: objects, releases, what destroy would do there, the uids of
 * claims, and the stack's outputs. Generated passwords and keys stay. Pure; secrets stay encrypted as they were.
 */
export function withoutCluster(state: StateExport): StateExport {
  const { pending_operations: _pending, resources = [], ...rest } = state.deployment;
  const gone = new Set(resources.filter(isOfCluster).map(({ urn }) => urn));
  const kept = resources
    .filter(({ urn }) => !gone.has(urn))
    .map((resource) => withoutOutputs(withoutReferences(resource, gone)));
  return { ...state, deployment: { ...rest, resources: kept } };
}

function withoutReferences(resource: StateResource, gone: ReadonlySet<string>): StateResource {
  const { dependencies, propertyDependencies, deletedWith, ...rest } = resource;
  const left = (urns: readonly string[]) => urns.filter((urn) => !gone.has(urn));
  return {
    ...rest,
    ...(dependencies && { dependencies: left(dependencies) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, urns]) => [property, urns && left(urns)]),
      ),
    }),
    ...(deletedWith !== undefined && !gone.has(deletedWith) && { deletedWith }),
  };
}

/** Without outputs a stack was never deployed, for every command that asks what it has. */
function withoutOutputs(resource: StateResource): StateResource {
  const { type, outputs } = resource;
  if (type === "pulumi:pulumi:Stack") return { ...resource, outputs: {} };
  return outputs?.claims === undefined ? resource : { ...resource, outputs: { ...outputs, claims: {} } };
}
