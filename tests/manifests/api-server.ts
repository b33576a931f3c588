import { execa } from "execa";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An API server with its store and nothing else: no node, no controllers. On loopback, without root. */
export interface BareApi {
  /** With one context, `bare`, whose user may do everything. */
  kubeconfig: string;
  /** The body of a 200; waits up to a minute for it, because a young server doesn't know all of its own paths yet. */
  get<Body>(path: string): Promise<Body>;
  stop(): Promise<void>;
}

/** `bin`: directory with etcd and kube-apiserver. */
export async function startApi(bin: string): Promise<BareApi> {
  const directory = await mkdtemp(join(tmpdir(), "cluster-storage-api-"));
  const inside = (name: string) => join(directory, name);
  const [client, peer, secure] = (await freePorts(3)) as [number, number, number];
  const token = "manifests";
  await writeFile(inside("tokens.csv"), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  await writeFile(
    inside("key.pem"),
    generateKeyPairSync("ec", { namedCurve: "P-256", publicKeyEncoding: spki, privateKeyEncoding: sec1 }).privateKey,
    { mode: 0o600 },
  );

  const etcd = [
    "--unsafe-no-fsync",
    "--log-level=error",
    `--data-dir=${inside("etcd")}`,
    `--initial-cluster=default=${local(peer)}`,
  ];
  const etcdUrls = ["listen-client", "advertise-client"].map((kind) => `--${kind}-urls=${local(client)}`);
  const peerUrls = ["listen-peer", "initial-advertise-peer"].map((kind) => `--${kind}-urls=${local(peer)}`);
  const serving = [
    "--bind-address=127.0.0.1",
    `--secure-port=${secure}`,
    `--cert-dir=${inside("certificates")}`,
    `--etcd-servers=${local(client)}`,
  ];
  const accounts = [
    "issuer=https://kubernetes.default.svc",
    `key-file=${inside("key.pem")}`,
    `signing-key-file=${inside("key.pem")}`,
  ];
  // There is no cluster that should find this server by an endpoint.
  const settings = [
    "--endpoint-reconciler-type=none",
    "--authorization-mode=RBAC",
    `--token-auth-file=${inside("tokens.csv")}`,
    "--service-cluster-ip-range=10.96.0.0/16",
  ];
  const started = [
    run(join(bin, "etcd"), [...etcd, ...etcdUrls, ...peerUrls]),
    run(join(bin, "kube-apiserver"), [
      ...serving,
      ...settings,
      ...accounts.map((option) => `--service-account-${option}`),
    ]),
  ];
  await writeFile(inside("kubeconfig"), kubeconfig(secure, token), { mode: 0o600 });
  return {
    kubeconfig: inside("kubeconfig"),
    get: <Body>(path: string) => getPatiently(secure, token, path, started) as Promise<Body>,
    stop: async () => {
      // Nothing of it is to be kept, and a gentle end takes ten seconds.
      for (const child of started) child.kill("SIGKILL");
      await Promise.all(started);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function kubeconfig(port: number, token: string): string {
  const cluster = { name: "bare", cluster: { server: `https://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } };
  const user = { name: "bare", user: { token } };
  const context = { name: "bare", context: { cluster: "bare", user: "bare" } };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [cluster],
    users: [user],
    contexts: [context],
    "current-context": "bare",
  });
}

const spki = { type: "spki", format: "pem" } as const;
const sec1 = { type: "sec1", format: "pem" } as const;
const local = (port: number) => `http://127.0.0.1:${port}`;

const run = (program: string, args: string[]) => execa(program, args, { reject: false, all: true, stdin: "ignore" });

type Child = ReturnType<typeof run>;

async function getPatiently(port: number, token: string, path: string, children: Child[]): Promise<object> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await get(port, token, path).catch((error: Error) => error.message);
    if (typeof answer === "object") return answer;
    const dead = children.find(({ exitCode }) => exitCode !== null);
    if (dead) throw new Error(`${(await dead).command} ended:\n${(await dead).all.slice(-2000)}`);
    if (Date.now() > deadline) throw new Error(`no answer from the API server for ${path}: ${answer}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The parsed body of a 200, anything else as text. */
function get(port: number, token: string, path: string): Promise<object | string> {
  return new Promise((resolve, reject) => {
    // The certificate is the server's own, made a moment ago in our directory.
    const agent = new Agent({ rejectUnauthorized: false });
    const sent = request(
      { port, path, agent, host: "127.0.0.1", timeout: 5000, headers: { authorization: `Bearer ${token}` } },
      (response) => {
        let text = "";
        response
          .setEncoding("utf8")
          .on("data", (part) => (text += part))
          .on("error", reject);
        response.on("end", () =>
          resolve(response.statusCode === 200 ? JSON.parse(text) : `${response.statusCode} ${text}`),
        );
      },
    );
    sent
      .on("timeout", () => sent.destroy(new Error("timed out")))
      .on("error", reject)
      .end();
  });
}

/** Ports that nobody listens on; all are held at once, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
