import type { Api } from "../kube/api";
import type { Access, AccessAnswer, Grant, GrantAnswer } from "../model/preflight-facts";

const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const rbac = "rbac.authorization.k8s.io";

/** Whether the caller has a right. */
export type Review = (access: Access) => Promise<boolean>;

/**
 * Asks the API server. An administrator is found out by one question; of anybody else each right is asked for in the
 * whole cluster, and only where that is refused in the namespace, each once. A review leaves nothing behind.
 */
export function reviewer(api: Api): Review {
  const all = allowed(api, { verb: "*", group: "*", resource: "*" });
  // Who asks for a right hears of a failure; until then, and where nobody does, it is no crash.
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
 * Which of these rights the caller may give: those that he has, and all where he may write roles beyond his own rights
 * (escalate) and bind them. That is asked first: it mostly spares the rest.
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
