import type { Api } from "../kube/api";
import type { Access, AccessAnswer, Grant, GrantAnswer } from "../model/preflight-facts";

const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const rbac = "rbac.authorization.k8s.io";

/** Whether the caller has a right. */
export type Review = (access: Access) => Promise<boolean>;

/**
 * Asks the API server. One question tells whether the caller may do everything. If not, each right is asked for once in
 * the whole cluster and, if that is refused, once in the namespace. A review leaves no object behind.
 */
export function reviewer(api: Api): Review {
  const all = allowed(api, { verb: "*", group: "*", resource: "*" });
  // A failure is thrown where a right is asked for. Until then it must not end the program.
  all.catch(() => undefined);
  const asked = new Map<string, Promise<boolean>>();
  const once = (access: Access) => {
    const key = [access.verb, access.group, access.resource, access.name, access.namespace].join(" ");
    const answer = asked.get(key) ?? allowed(api, access);
    asked.set(key, answer);
    return answer;
  };
  return async (access) =>
    (await all) ||
    (await once({ ...access, namespace: undefined })) ||
    (access.namespace !== undefined && (await once(access)));
}

/** Which of these rights the caller has. */
export function readAccess(review: Review, needed: Access[]): Promise<AccessAnswer[]> {
  return Promise.all(needed.map(async (access) => ({ ...access, allowed: await review(access) })));
}

/**
 * Which of these rights the caller may give: the rights that it has itself, and all rights where it may write roles
 * beyond its own rights (escalate) and bind them. That is asked first, because it mostly
 * makes the other questions needless.
 */
export function readGrants(review: Review, given: Grant[]): Promise<GrantAnswer[]> {
  return Promise.all(
    given.map(async (grant) => ({ ...grant, allowed: (await mayGiveAll(review, grant)) || (await review(grant)) })),
  );
}

async function mayGiveAll(review: Review, { namespace }: Grant): Promise<boolean> {
  const roles = { group: rbac, resource: namespace === undefined ? "clusterroles" : "roles", namespace };
  const answers = await Promise.all(["escalate", "bind"].map((verb) => review({ verb, ...roles })));
  return answers.every(Boolean);
}

async function allowed(api: Api, { verb, group, resource: kind, name, namespace }: Access): Promise<boolean> {
  const [resource, subresource] = kind.split("/");
  const resourceAttributes = {
    verb,
    group,
    resource,
    ...(subresource && { subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
  };
  const { status, body } = await api.ask(path, {
    body: { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes } },
  });
  if (status !== 201) return false;
  return (JSON.parse(body) as { status?: { allowed?: boolean } }).status?.allowed ?? false;
}
