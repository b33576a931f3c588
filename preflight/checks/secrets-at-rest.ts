import type { GeneralCheck } from "../../model/backend";
import { listed, results } from "../results";

/**
 * Whether the passwords and keys that a stack keeps in Secrets are encrypted in etcd. It is known only where the API
 * servers are pods, because the API itself doesn't say; elsewhere it is not mentioned.
 */
export const secretsAtRest: GeneralCheck = {
  id: "secrets-at-rest",
  group: "cluster",
  run({ facts: { apiServers } }) {
    const { ok, unread } = results(this.id);
    if (!apiServers) return [unread("the pods of kube-system")];
    if (apiServers.length === 0) return [];
    const plain = apiServers.filter(({ encrypts }) => !encrypts).map(({ name }) => name);
    if (plain.length === 0) return [ok("every API server has a file that says how Secrets are encrypted in etcd")];
    return [ok(`Secrets are not encrypted in etcd by ${listed(plain)}; docs/at-rest.md says how to change that`)];
  },
};
