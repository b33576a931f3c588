import assert from "node:assert/strict";
import type { StackConfig } from "../../model/config";
import { checkClients } from "../../plan/tls";
import { claimShape, serviceShape } from "../../config/services";
import { catalogue } from "../../services/catalogue";
import { planOf } from "../stack";

const header = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
`;

describe("encrypted connections", () => {
  it("are refused in the config where it can't be understood, all faults at once", () => {
    const wrong = "  cluster-storage:tls: { default: yes please, certManager: { kind: Isuer, ca: ./ca.crt } }\n";
    const searxng = catalogue.get("searxng")!;
    const keys = [
      ...Object.keys(serviceShape(searxng)),
      ...searxng.claims.flatMap((claim) => Object.keys(claimShape(claim))),
    ];
    assert.ok(keys.includes("image") && !keys.includes("tls"));
    const { faults } = planOf(`${header}${wrong}  cluster-storage:services:\n    searxng: { size: 1Gi, tls: true }\n`);
    assert.deepEqual(
      faults.map(({ path, message }) => `${path}: ${message}`),
      [
        `services.searxng.tls: unknown key; there is: ${keys.sort().join(", ")}`,
        'tls.default: must be true or false, not "yes please"',
        "tls.certManager.issuer: is missing",
        'tls.certManager.kind: "Isuer" is unknown; did you mean "Issuer"?',
        "tls.certManager.ca: is not a certificate; write it as PEM, from -----BEGIN CERTIFICATE----- on",
      ],
    );
  });

  it("are refused for a client that can't verify its server", () => {
    const config = {
      services: new Map([
        ["postgres", { run: true, reaches: [] }],
        ["n8n", { run: true, reaches: [] }],
      ]),
    } as unknown as StackConfig;
    const without = new Map(catalogue).set("n8n", { ...catalogue.get("n8n")!, verifies: undefined });
    assert.deepEqual(checkClients(config, without, new Set(["postgres"])), [
      {
        path: "services.n8n",
        message:
          "can't encrypt its connection to postgres, which refuses plain ones; set services.postgres.tls to false, " +
          "or set run: false here, which keeps its data",
      },
    ]);
    assert.deepEqual(checkClients(config, catalogue, new Set(["postgres"])), []);
  });
});
