import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { freePort } from "../free-port";
import { silentPort, useSshNode, type Connection } from "./remote-ground";
import { failureOf, useStack } from "./stack";

/** `open-sesame`, as the node's /etc/shadow has it. */
const hash = "$6$contract$X6BfIV66K3kOTTFt.92C5UpdGxb8dHV9C8GHwwBxAVw.U8UEAipCDXABNhqWtmGIo9I3WXMSN6tQCrdLC5mU0/";

describe("the connection of a remote command", () => {
  const stack = useStack();
  const ground = useSshNode();
  let directory: string;
  let agent: string | undefined;
  before(async () => {
    agent = process.env.SSH_AUTH_SOCK;
    delete process.env.SSH_AUTH_SOCK; // both plugins would ask it
    directory = await mkdtemp(join(tmpdir(), "contract-"));
  });
  after(async () => {
    if (agent !== undefined) process.env.SSH_AUTH_SOCK = agent;
    await rm(directory, { recursive: true });
  });

  let count = 0;
  const command = (other: Connection) => ground().one({ create: `echo ${count++} >> /tmp/log` }, other);
  const works = async (other: Connection): Promise<void> => {
    const before = (await ground().logged()).length;
    await stack().up(command(other));
    assert.equal((await ground().logged()).length, before + 1);
  };
  const fails = async (other: Connection): Promise<string> => {
    const text = await failureOf(stack().up(command(other)));
    assert.deepEqual(await ground().logged(), []);
    return text;
  };
  const key = async (name: string, ...options: string[]): Promise<{ privateKey: string; publicKey: string }> => {
    const file = join(directory, name);
    await execa("ssh-keygen", ["-q", "-N", "", ...options, "-f", file]);
    return { privateKey: await readFile(file, "utf8"), publicKey: await readFile(`${file}.pub`, "utf8") };
  };

  it("is refused by a host with another key", async () => {
    const { publicKey } = await key("other-host", "-t", "ed25519");
    assert.match(await fails({ hostKey: publicKey }), /after 0 failed attempts: ssh: handshake failed: .*mismatch/);
  });

  it("is refused where the host has no key of the kind that is named", async () => {
    await ground().node.run(["rm", "/etc/ssh/ssh_host_ecdsa_key"]);
    await ground().node.stopSshd();
    await ground().node.startSshd();
    const { publicKey } = await key("ecdsa", "-t", "ecdsa");
    assert.match(await fails({ hostKey: publicKey }), /ssh: handshake failed: .*no common algorithm for host key/);
  });

  it("can't be verified by the host's RSA key, since no host signs with SHA-1 any more", async () => {
    const hostKey = await readFile(ground().node.inside("/etc/ssh/ssh_host_rsa_key.pub"), "utf8");
    assert.match(await fails({ hostKey }), /ssh: handshake failed: .*no common algorithm for host key/);
  });

  it("is refused for a host key that is none", async () => {
    assert.match(await fails({ hostKey: "SHA256:abc" }), /failed to parse host key: ssh: no key found/);
  });

  it("is refused for a key that may not log in", async () => {
    const text = await fails({ privateKey: (await key("stranger", "-t", "ed25519")).privateKey });
    assert.match(text, /after 0 failed attempts: ssh: handshake failed: ssh: unable to authenticate, /);
    assert.match(text, /attempted methods \[none publickey\], no supported methods remain/);
  });

  it("is refused for a key that can't be read", async () => {
    assert.match(await fails({ privateKey: "something else" }), /ssh: no key found/);
    const { privateKey } = await key("locked", "-t", "ed25519", "-N", "open-sesame");
    assert.match(await fails({ privateKey }), /ssh: this private key is passphrase protected/);
  });

  it("takes a key with its passphrase, a password, and an agent", async () => {
    const { privateKey, publicKey } = await key("allowed", "-t", "ed25519", "-N", "open-sesame");
    await ground().node.run(["sh", "-c", "cat >> /root/.ssh/authorized_keys"], publicKey);
    await works({ privateKey, privateKeyPassword: "open-sesame" });
    await ground().node.run(["sh", "-c", `echo 'root:${hash}:19000:0:99999:7:::' > /etc/shadow`]);
    await works({ privateKey: undefined, password: "open-sesame" });
    const agentSocketPath = join(directory, "agent");
    const running = execa("ssh-agent", ["-D", "-a", agentSocketPath], { reject: false });
    try {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await execa("ssh-add", ["-q", ground().node.keyFile], { env: { SSH_AUTH_SOCK: agentSocketPath } });
      await works({ privateKey: undefined, agentSocketPath });
    } finally {
      running.kill();
      await running;
    }
  });

  it("fails where an agent is named that isn't there, though there is a key", async () => {
    assert.match(await fails({ agentSocketPath: join(directory, "none") }), /dial unix .*none: connect: no such file/);
  });

  it("fails at once where nobody listens, and says so", async () => {
    const port = await freePort();
    const text = await fails({ host: "127.0.0.1", port });
    assert.match(text, new RegExp(`after 0 failed attempts: dial tcp 127.0.0.1:${port}: connect: connection refused`));
  });

  it("fails after perDialTimeout where nothing answers", async () => {
    const silent = await silentPort();
    try {
      const started = Date.now();
      const text = await fails({ host: "127.0.0.1", port: silent.port, perDialTimeout: 1 });
      assert.match(text, new RegExp(`dial tcp 127.0.0.1:${silent.port}: i/o timeout`));
      // The kernel's own limit is above two minutes; the rest is Pulumi's, on a machine that has much to do.
      assert(Date.now() - started < 100_000, `${Date.now() - started} ms`);
    } finally {
      silent.close();
    }
  });

  it("is tried again as often as dialErrorLimit says, whatever the reason", async () => {
    let connections = 0;
    const server = createServer((socket) => (connections++, socket.end())).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const text = await fails({ host: "127.0.0.1", port, dialErrorLimit: 2 });
    server.close();
    assert.match(text, /after 2 failed attempts: ssh: handshake failed/);
    assert.equal(connections, 3);
  });

  it("is waited for without end where somebody takes it and is silent: perDialTimeout is for TCP alone", async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const update = fails({ host: "127.0.0.1", port, perDialTimeout: 1 });
    let over = false;
    void update.finally(() => (over = true)).catch(() => undefined);
    while (sockets.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    await new Promise((resolve) => setTimeout(resolve, 4000));
    assert.equal(over, false);
    sockets.forEach((socket) => socket.destroy());
    assert.match(await update, /ssh: handshake failed/);
    server.close();
  });
});
