import assert from "node:assert/strict";
import type { Kube } from "../../../kube/client";
import type { ServiceOutput } from "../../../ops/pulumi/outputs";
import { verifyService } from "../../../ops/verify/service";

describe("verifyService", () => {
  it("leaves the pod of a service alone whose data would go with it", async () => {
    const asked: string[] = [];
    const api = new Proxy(
      {},
      { get: (_api, name) => () => Promise.reject(new Error(`asked for ${asked.push(String(name))}`)) },
    );
    const claims = [
      { name: "app-storage", size: "1Gi", generation: 1, ephemeral: false, kept: [] },
      { name: "logs-storage-2", size: "1Gi", generation: 2, ephemeral: true, kept: [] },
    ];
    const service: ServiceOutput = {
      namespace: "taskflow",
      kind: "Deployment",
      workload: "taskflow",
      run: true,
      claims,
      image: "x:1",
      standIn: false,
      check: { container: "taskflow", write: [], read: [], remove: [], list: [] },
      needs: [],
    };
    const { seconds: _, ...result } = await verifyService(
      { core: api, apps: api } as unknown as Kube,
      "taskflow",
      service,
      1000,
    );
    assert.deepEqual(result, {
      service: "taskflow",
      ok: false,
      wrote: null,
      read: null,
      error: "its data is in the pod's own directory, which is deleted with the pod; the pod was not touched",
    });
    assert.deepEqual(asked, []);
  });
});
