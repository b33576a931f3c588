import assert from "node:assert/strict";
import type { PreflightFacts } from "../../model/preflight-facts";
import { neededAccess } from "../../preflight/access";
import { certManager } from "../../preflight/checks/cert-manager";
import { planOf } from "../stack";

const pem = "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n";
const planWith = (tls: string) =>
  planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:tls: ${tls}
  cluster-storage:services: { redis: { size: 2Gi } }
`).plan;
const asked = planWith(`{ default: true, certManager: { issuer: home, ca: "${pem}" } }`);
const facts = (definitions?: string[]) => ({ definitions }) as PreflightFacts;

describe("preflight's check of cert-manager", () => {
  it("has nothing to say where the config doesn't name it, or no service has certificates", () => {
    assert.deepEqual(certManager.run({ pods: [], facts: facts([]), plan: planWith("{ default: true }") }), []);
    const unused = planWith(`{ certManager: { issuer: home, ca: "${pem}" } }`);
    assert.deepEqual(certManager.run({ pods: [], facts: facts([]), plan: unused }), []);
  });

  it("is right where it is installed", () => {
    assert.deepEqual(certManager.run({ pods: [], facts: facts(["certificates.cert-manager.io"]), plan: asked }), [
      { id: "cert-manager", level: "ok", title: "cert-manager, which issues the certificates, is installed" },
    ]);
  });

  it("is an error where it isn't, with what to do", () => {
    assert.deepEqual(certManager.run({ pods: [], facts: facts(["volumes.longhorn.io"]), plan: asked }), [
      {
        id: "cert-manager",
        level: "error",
        title:
          "cluster-storage:tls.certManager is set, and cert-manager is not installed: there is no " +
          "certificates.cert-manager.io",
        wayOut:
          "install it (cert-manager.io/docs/installation) with the issuer that the config names, or leave " +
          "certManager out: then the stack has an authority of its own",
      },
    ]);
  });

  it("is skipped where the definitions may not be listed", () => {
    assert.deepEqual(certManager.run({ pods: [], facts: facts(), plan: asked }), [
      {
        id: "cert-manager",
        level: "skipped",
        title: "CustomResourceDefinitions may not be listed with this context's credentials",
      },
    ]);
  });

  it("has the right to ask for certificates among those that the update needs, and only then", () => {
    const groups = (plan: typeof asked) => neededAccess(plan).filter(({ group }) => group === "cert-manager.io");
    assert.deepEqual(
      groups(asked),
      ["get", "list", "watch", "create", "patch", "delete"].map((verb) => ({
        verb,
        group: "cert-manager.io",
        resource: "certificates",
        namespace: "local-ai-system",
      })),
    );
    assert.deepEqual(groups(planWith("{ default: true }")), []);
  });
});
