import assert from "node:assert/strict";
import { answer, servedCluster } from "./served-cluster";

describe("the look at the cluster", () => {
  const { serve, look } = servedCluster();

  it("reads the API server's ports of the older object, and does without where neither may be read", async () => {
    const subsets = [{ addresses: [{ ip: "10.0.0.1" }], ports: [{ name: "https", port: 16443 }] }];
    let older = { status: 200, body: JSON.stringify({ subsets }) };
    const server = await serve((request, response) => {
      if (request.url?.includes("endpointslices")) return void response.writeHead(403).end();
      if (!request.url?.endsWith("/endpoints/kubernetes")) return answer(request, response);
      response.writeHead(older.status).end(older.body);
    });
    assert.deepEqual((await look()).apiPorts, [16443]);
    older = { status: 403, body: "" };
    const { apiPorts, server: known } = await look();
    assert.deepEqual([apiPorts, known], [undefined, server]);
  });
});
