import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, utils } from "ssh2";
import { Hidden } from "../../../model/hidden";
import type { SshAccess } from "../../../model/node-preparation";
import { silentPort } from "../../contract/remote-ground";
import { freePort } from "../../free-port";
import { runOverSsh } from "../../../nodes/linux/ssh";

const [host, other, client] = [0, 1, 2].map(() => utils.generateKeyPairSync("ed25519"));

/** A server that lets one key in and runs what it is asked to run. */
function serve(): Promise<Server> {
  const allowed = utils.parseKey(client!.public) as { getPublicSSH(): Buffer; type: string };
  const server = new Server({ hostKeys: [host!.private] }, (connection) => {
    connection.on("error", () => undefined);
    connection.on("authentication", (attempt) =>
      attempt.method === "publickey" && attempt.key.data.equals(allowed.getPublicSSH())
        ? attempt.accept()
        : attempt.reject(["publickey"]),
    );
    connection.on("session", (accept) =>
      accept().on("exec", (take, _reject, { command }) => {
        const channel = take();
        const shell = spawn("sh", ["-c", command]);
        channel.pipe(shell.stdin);
        shell.stdout.pipe(channel, { end: false });
        shell.stderr.pipe(channel.stderr, { end: false });
        shell.on("close", (code) => {
          channel.exit(code ?? 1);
          channel.end();
        });
      }),
    );
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

describe("a command on a node over SSH", () => {
  let server: Server;
  let folder: string;
  before(async () => {
    server = await serve();
    folder = mkdtempSync(join(tmpdir(), "keys-"));
    writeFileSync(join(folder, "key"), client!.private);
    writeFileSync(
      join(folder, "locked"),
      utils.generateKeyPairSync("ed25519", { cipher: "aes256-ctr", passphrase: "x", rounds: 1 }).private,
    );
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const port = () => (server.address() as AddressInfo).port;
  const run = (more: Partial<SshAccess>, key = host!.public, command = "cat; echo there >&2; exit 3") => {
    const ssh = { user: "ops", port: port(), agent: false, ...more };
    const target = { name: "a", address: "127.0.0.1", access: { talos: {}, ssh } };
    return runOverSsh(target, key, command, "here\n");
  };
  const fault = async (...args: Parameters<typeof run>) => {
    const { name, message } = (await run(...args).then(
      () => assert.fail("it answered"),
      (error: unknown) => error,
    )) as Error;
    assert.equal(name, "NodeAway");
    return message.replaceAll(String(port()), "PORT").replaceAll(folder, "");
  };

  it("returns what it says, by a key in a file or in the config", async () => {
    const said = { stdout: "here\n", stderr: "there\n" };
    assert.deepEqual(await run({ privateKeyFile: join(folder, "key") }), said);
    assert.deepEqual(await run({ privateKey: new Hidden(client!.private) }), said);
  });

  it("is not run where the host has another key than the config says", async () =>
    assert.equal(
      await fault({ privateKey: new Hidden(client!.private) }, other!.public),
      "127.0.0.1:PORT shows another host key than the config's hostKey. Either the node was installed anew, or " +
        "somebody else answers there; compare it on the node itself: cat /etc/ssh/ssh_host_ed25519_key.pub",
    ));

  it("says who isn't let in", async () =>
    assert.equal(
      await fault({ privateKey: new Hidden(other!.private) }),
      "127.0.0.1:PORT doesn't let the user ops in with this key",
    ));

  it("says that nobody listens", async () => {
    const free = await freePort();
    assert.equal(
      (await fault({ port: free, privateKey: new Hidden(client!.private) })).replaceAll(String(free), "PORT"),
      "127.0.0.1:PORT can't be reached over SSH: no SSH server listens there",
    );
  });

  it("ends in seconds where packets are dropped, and where a connection is taken and nothing said", async function () {
    this.timeout(60_000);
    const privateKey = new Hidden(client!.private);
    const silent = await silentPort();
    const mute = createServer().listen(0, "127.0.0.1");
    await once(mute, "listening");
    const taken = (mute.address() as AddressInfo).port;
    const begun = Date.now();
    try {
      const said = await Promise.all([silent.port, taken].map((port) => fault({ port, privateKey })));
      for (const [at, number] of [silent.port, taken].entries())
        assert.equal(said[at], `127.0.0.1:${number} doesn't answer within 10 seconds`);
      assert(Date.now() - begun < 20_000);
    } finally {
      silent.close();
      mute.close();
    }
  });

  it("says what is wrong with a key, and never the key", async () => {
    assert.equal(await fault({ privateKeyFile: join(folder, "none") }), "the private key /none can't be read (ENOENT)");
    assert.equal(
      await fault({ privateKeyFile: join(folder, "locked") }),
      "/locked has a passphrase, which nobody can type here; use an agent (nodeAccess.ssh.agent)",
    );
    assert.equal(await fault({ privateKey: new Hidden("hunter2") }), "the secret privateKey is no private key for SSH");
    assert.equal(
      await fault({ privateKey: new Hidden(client!.public) }),
      "the secret privateKey is no private key for SSH",
    );
    assert.equal(
      await fault({ privateKey: new Hidden(client!.private) }, "ssh-ed25519 AAAA"),
      "its hostKey can't be read as the public key of an SSH server",
    );
  });
});
