import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { GetRootResourceRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import * as runtime from "@pulumi/pulumi/runtime";
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { keepConnectionsApart } from "./engine-connections";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("an engine with the port of one that ended", () => {
  it("is reached at the first call", async () => {
    keepConnectionsApart();
    const port = await freePort();
    const { grpcClientOptions } = runtime as unknown as { grpcClientOptions: grpc.ClientOptions };
    const ask = (client: EngineClient) =>
      new Promise<number | undefined>((resolve) =>
        client.getRootResource(new GetRootResourceRequest(), (error: grpc.ServiceError | null) => resolve(error?.code)),
      );
    const client = () => new EngineClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), grpcClientOptions);
    // The program of an ended engine keeps its connection, which goes on trying.
    const former = client();
    assert.equal(await ask(former), grpc.status.UNAVAILABLE);
    const server = new grpc.Server();
    await new Promise<void>((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error) =>
        error ? reject(error) : resolve(),
      ),
    );
    const next = client();
    try {
      assert.equal(await ask(next), grpc.status.UNIMPLEMENTED);
    } finally {
      former.close();
      next.close();
      server.forceShutdown();
    }
  });
});
