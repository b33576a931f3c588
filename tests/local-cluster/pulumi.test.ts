import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { silentProgress } from "../../local-cluster/progress";
import { officialPlugins, pulumiEnv } from "../../local-cluster/pulumi";
import { pluginVersions } from "../../local-cluster/versions";
import { installFakeGo } from "./tools/fake-go";

/** With a Go that builds nothing real, and the plugins' absence taken as known: no network. */
describe("the Pulumi environment", () => {
  let root: string;
  let home: string;
  const before = { ...process.env };

  beforeEach(async () => {
    root = await fs.mkdtemp(path.join(tmpdir(), "pulumi-env-"));
    home = path.join(root, "cache", "pulumi");
    await installFakeGo(path.join(root, "bin"), path.join(root, "go.log"));
    await fs.mkdir(home, { recursive: true });
    await fs.writeFile(path.join(home, "official-plugins-unavailable"), "");
    Object.assign(process.env, {
      CLUSTER_STORAGE_CACHE: path.join(root, "cache"),
      CLUSTER_STORAGE_MIRROR: "http://127.0.0.1:1",
      PATH: `${path.join(root, "bin")}:/usr/bin:/bin`,
      PULUMI_ACCESS_TOKEN: "mine",
      PULUMI_CONFIG_PASSPHRASE: "mine",
    });
    delete process.env.NO_PROXY;
    delete process.env.no_proxy;
  });
  afterEach(async () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    await fs.rm(root, { recursive: true });
  });

  const environment = (standIns: boolean) =>
    pulumiEnv({
      stateDir: path.join(root, "state"),
      kubeconfig: "/some/kubeconfig",
      standIns,
      progress: silentProgress,
    });
  const installed = async (...names: string[]) => {
    const versions = pluginVersions as Record<string, string>;
    for (const name of names) {
      const directory = path.join(home, "plugins", `resource-${name}-v${versions[name]}`);
      await fs.mkdir(directory, { recursive: true });
      await fs.writeFile(path.join(directory, `pulumi-resource-${name}`), "");
    }
  };

  it("is apart from the user's own", async () => {
    const { PATH, ...env } = await environment(false);
    assert.deepEqual(env, {
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${root}/state/backend`,
      PULUMI_CONFIG_PASSPHRASE: undefined,
      PULUMI_CONFIG_PASSPHRASE_FILE: `${root}/state/passphrase`,
      PULUMI_ACCESS_TOKEN: undefined,
      PULUMI_STACK: undefined,
      PULUMI_IGNORE_AMBIENT_PLUGINS: undefined,
      PULUMI_SKIP_CHECKPOINTS: undefined,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      KUBECONFIG: "/some/kubeconfig",
      NO_PROXY: "10.213.0.0/16",
      no_proxy: "10.213.0.0/16",
    });
    const [node, tools, ...rest] = PATH!.split(":");
    assert.equal(node, path.dirname(process.execPath));
    assert.deepEqual((await fs.readdir(tools!)).sort(), [
      "pulumi",
      "pulumi-language-nodejs",
      "pulumi-resource-pulumi-nodejs",
    ]);
    assert.deepEqual(rest, [path.join(root, "bin"), "/usr/bin", "/bin"]);
  });

  it("adds the local cluster to what the user's proxy isn't asked for", async () => {
    process.env.no_proxy = "intranet.example";
    const { NO_PROXY, no_proxy } = await environment(false);
    assert.deepEqual([NO_PROXY, no_proxy], ["intranet.example,10.213.0.0/16", "intranet.example,10.213.0.0/16"]);
  });

  it("keeps one random passphrase, for its owner's eyes", async () => {
    const file = (await environment(false)).PULUMI_CONFIG_PASSPHRASE_FILE!;
    const passphrase = await fs.readFile(file, "utf8");
    assert.match(passphrase, /^[\w-]{43}$/);
    assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
    await environment(false);
    assert.equal(await fs.readFile(file, "utf8"), passphrase);
    assert.deepEqual((await fs.readdir(path.join(root, "state"))).sort(), ["backend", "passphrase"]);
  });

  it("has the stand-in plugins where they are allowed and the official ones can't be had", async () => {
    const standIns = path.resolve("local-cluster/plugins/bin");
    const allowed = await environment(true);
    assert.equal(allowed.PATH!.split(":")[2], standIns);
    process.env.CLUSTER_STORAGE_PLUGINS = "/built/by/hand";
    assert.deepEqual((await environment(true)).PATH!.split(":").slice(2, 4), ["/built/by/hand", standIns]);
    assert(!(await environment(false)).PATH!.includes("/built/by/hand"));
    assert.equal(allowed.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION, "true");
    await installed("kubernetes", "command", "random");
    const official = await environment(true);
    assert(!official.PATH!.split(":").includes(standIns));
    assert.equal(official.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION, undefined);
  });

  it("takes the official plugins for there only when all are, at the SDKs' versions", async () => {
    const env = { PULUMI_HOME: home };
    await installed("kubernetes", "command");
    assert.equal(await officialPlugins(env, 60_000), false);
    await installed("random");
    assert.equal(await officialPlugins(env, 60_000), true);
  });
});
