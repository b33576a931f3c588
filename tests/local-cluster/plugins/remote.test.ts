import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { Server, utils } from "ssh2";
import { runRemote } from "../../../local-cluster/plugins/command/remote";

const keys = utils.generateKeyPairSync("ed25519");

describe("a remote command of the stand-in plugin", () => {
  let server: Server;
  /** A server whose answer, the command's output, its status and its end come in one packet. */
  before(async () => {
    server = new Server({ hostKeys: [keys.private] }, (client) => {
      client.on("error", () => undefined);
      client.on("authentication", (attempt) => attempt.accept());
      client.on("session", (accept) =>
        accept().on("exec", (take, _reject, { command }) => {
          const { _sock: socket } = client as unknown as { _sock: { cork(): void; uncork(): void } };
          socket.cork();
          const channel = take();
          channel.write("out\n");
          channel.exit(Number(command));
          channel.end();
          setImmediate(() => socket.uncork());
        }),
      );
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  });
  after(() => server.close());

  const run = (command: string) => {
    const { port } = server.address() as AddressInfo;
    const patience = { dialErrorLimit: 0, perDialTimeout: 10 };
    const connection = { host: "127.0.0.1", port, user: "root", privateKey: keys.private, ...patience };
    const reports = { line: () => undefined, note: () => undefined, warn: () => undefined };
    const remote = { connection, command, environment: {}, previous: {}, stdin: "", logging: "none" as const };
    return runRemote(remote, reports, new AbortController().signal);
  };

  it("has the status that comes together with the answer that it was started", async () => {
    assert.deepEqual(await run("0"), { stdout: "out", stderr: "" });
    await assert.rejects(run("3"), { message: 'Process exited with status 3: running "3":\nout\n' });
  });
});
