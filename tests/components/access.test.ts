import assert from "node:assert/strict";
import { deployConfig } from "./deployed";
import { names, one, type Recorded } from "./recorded";

const header = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:services: { redis: { size: 1Gi }, qdrant: { size: 1Gi } }
`;
/** Without those of the provisioner. */
const peoples = (all: Recorded[], kind: string) => names(all, kind).filter((name) => name.includes("-storage-"));
const roles = (namespace: string) => ["operate", "restore", "view"].map((role) => `${namespace}-storage-${role}`);

describe("access", () => {
  it("is no object where the config doesn't name it", async () => {
    const all = await deployConfig(header);
    assert.deepEqual([peoples(all, "Role"), peoples(all, "RoleBinding")], [[], []]);
  });

  it("is three Roles in each namespace, and a binding where somebody is named", async () => {
    const all = await deployConfig(
      `${header}  cluster-storage:access:\n    view: [{ kind: User, name: jane, in: [local-ai-system] }]\n` +
        "    restore: [{ kind: ServiceAccount, name: bot, namespace: tools, in: [local-ai-system] }]\n",
    );
    assert.deepEqual(peoples(all, "Role"), [...roles("local-ai-data"), ...roles("local-ai-system")]);
    assert.deepEqual(peoples(all, "RoleBinding"), ["local-ai-system-storage-restore", "local-ai-system-storage-view"]);
    const { inputs } = one(all, "RoleBinding", "local-ai-system-storage-view");
    assert.deepEqual(
      [inputs.metadata.namespace, inputs.metadata.name, inputs.roleRef, inputs.subjects],
      [
        "local-ai-system",
        "storage-view",
        { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "storage-view" },
        [{ kind: "User", name: "jane", apiGroup: "rbac.authorization.k8s.io" }],
      ],
    );
    assert.deepEqual(one(all, "RoleBinding", "local-ai-system-storage-restore").inputs.subjects, [
      { kind: "ServiceAccount", name: "bot", namespace: "tools" },
    ]);
  });
});
