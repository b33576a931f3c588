import { claimType, type StateExport, type StateResource } from "../pulumi/state";

/** The URN of a claim in a stack's state; undefined if the state doesn't have the claim. */
export function claimUrn({ deployment }: StateExport, namespace: string, name: string): string | undefined {
  return deployment.resources?.find(
    (resource) => resource.type === claimType && !resource.delete && resource.id === `${namespace}/${name}`,
  )?.urn;
}

/**
 * The state without one resource and without the references to it.
 * The CLI's own command refuses to delete a resource that others depend on, or deletes those too. The workload depends
 * on every claim.
 */
export function withoutResource(state: StateExport, urn: string): StateExport {
  const resources = (state.deployment.resources ?? [])
    .filter((resource) => resource.urn !== urn || resource.delete)
    .map((resource) => withoutReference(resource, urn));
  return { ...state, deployment: { ...state.deployment, resources } };
}

function withoutReference(resource: StateResource, urn: string): StateResource {
  const { dependencies, propertyDependencies, deletedWith } = resource;
  const others = (urns: string[]) => urns.filter((other) => other !== urn);
  return {
    ...resource,
    ...(dependencies && { dependencies: others(dependencies) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([key, urns]) => [key, urns && others(urns)]),
      ),
    }),
    ...(deletedWith === urn && { deletedWith: undefined }),
  };
}
