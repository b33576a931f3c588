import type { Api } from "../config/api";
import type { Access, AccessAnswer } from "./facts-types";

const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/**
 * Which of these rights the caller has. An administrator is found out by one question; of anybody else each right is
 * asked for in the whole cluster, and only where that is refused in the namespace. A review leaves nothing behind.
 */
export async function readAccess(api: Api, needed: Access[]): Promise<AccessAnswer[]> {
  if (await allowed(api, { verb: "*", group: "*", resource: "*" })) return needed.map((access) => ({ ...access, allowed: true }));
  const asked = new Map<string, Promise<boolean>>();
  const everywhere = ({ verb, group, resource }: Access) => {
    const key = `${verb} ${group} ${resource}`;
    const answer = asked.get(key) ?? allowed(api, { verb, group, resource });
    asked.set(key, answer);
    return answer;
  };
  return Promise.all(needed.map(async (access) => ({ ...access, allowed: (await everywhere(access)) || (access.namespace !== undefined && (await allowed(api, access))) })));
}

async function allowed(api: Api, resourceAttributes: Access): Promise<boolean> {
  const { status, body } = await api.ask(path, { body: { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes } } });
  if (status !== 201) return false;
  return (JSON.parse(body) as { status?: { allowed?: boolean } }).status?.allowed ?? false;
}
