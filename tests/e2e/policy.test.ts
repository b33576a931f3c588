import assert from "node:assert/strict";
import { execa } from "execa";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureTools } from "../../local-cluster/tools";
import { readViolations } from "../../ops/ci/policies";
import { checkout } from "../../ops/pulumi/project";
import { rules } from "../../policy/rules";
import { pulumiWith } from "./cli";
import { progress, useDeployedStack } from "./fixture";

const pack = ["--policy-pack", join(checkout, "policy")];
const account = "system:serviceaccount:cluster-storage-ci:preview";

describe("policies with the real CLI", () => {
  const cluster = useDeployedStack();
  let scratch: string;
  before(async () => void (scratch = await mkdtemp(join(tmpdir(), "policies-"))));
  after(() => rm(scratch, { recursive: true }));

  const settings = async (text: object) => {
    const file = join(scratch, "settings.json");
    await writeFile(file, JSON.stringify(text));
    return ["--policy-pack-config", file];
  };

  it("have nothing against our stack", async () => {
    const { exitCode, printed } = await pulumiWith(cluster(), {}, ["preview", "--diff", ...pack]);
    assert.equal(exitCode, 0, printed);
    assert.match(printed, /\n {4}cluster-storage\|local\|\S*policy {2}0\.1\.0\n?$/);
    assert.deepEqual(readViolations(printed), []);
  });

  it("refuse it without protection, and only advise where that is what the config file says", async () => {
    const open = { "cluster-storage:protect": false };
    const refused = await pulumiWith(cluster(), open, ["preview", "--diff", ...pack]);
    assert.notEqual(refused.exitCode, 0);
    const found = readViolations(refused.printed);
    assert.deepEqual([...new Set(found.map(({ level, policy }) => `${level} ${policy}`))].sort(), [
      "mandatory protected-claim",
      "mandatory protected-namespace",
    ]);
    assert(
      found.some(
        ({ message }) =>
          message ===
          "PersistentVolumeClaim local-ai-data/postgres-data is not protected; set protect: true in its " +
            "resource options",
      ),
    );

    const levels = await settings({ "protected-claim": "advisory", "protected-namespace": "disabled" });
    const advised = await pulumiWith(cluster(), open, ["preview", "--diff", ...pack, ...levels]);
    assert.equal(advised.exitCode, 0, advised.printed);
    assert.deepEqual(
      [...new Set(readViolations(advised.printed).map(({ level, policy }) => `${level} ${policy}`))],
      ["advisory protected-claim"],
    );
  });

  it("refuse another program by every rule's name", async () => {
    const { env } = cluster().target.stack;
    const options = {
      cwd: join(checkout, "tests", "fixtures", "policies"),
      env,
      extendEnv: false,
      all: true,
      reject: false,
    } as const;
    const careless = (args: string[]) => execa("pulumi", [...args, "--non-interactive", "--color", "never"], options);
    await careless(["stack", "select", "careless", "--create"]);
    try {
      const { exitCode, all: printed } = await careless([
        "preview",
        "--diff",
        "--stack",
        "careless",
        ...pack,
        ...(await settings({ "backup-stated": "mandatory" })),
      ]);
      assert.notEqual(exitCode, 0);
      assert.deepEqual(
        [...new Set(readViolations(printed).map(({ policy }) => policy))].sort(),
        rules.map(({ name }) => name).sort(),
        printed,
      );
    } finally {
      await careless(["stack", "rm", "careless", "--yes", "--force"]);
    }
  });

  describe("as the account of docs/ci-account.yaml", () => {
    let kubectl: (args: string[]) => Promise<{ exitCode?: number; all: string }>;
    const manifest = join(checkout, "docs", "ci-account.yaml");
    before(async () => {
      const { bin } = await ensureTools(progress);
      const env = { KUBECONFIG: cluster().target.stack.env.KUBECONFIG };
      kubectl = async (args) => execa(join(bin, "kubectl"), args, { env, all: true, reject: false });
      assert.equal((await kubectl(["apply", "-f", manifest])).exitCode, 0);
    });
    after(() => kubectl(["delete", "-f", manifest]));

    it("the preview is the same", async () => {
      const text = await readFile(cluster().target.stack.env.KUBECONFIG!, "utf8");
      const token = (await kubectl(["create", "token", "preview", "--namespace", "cluster-storage-ci"])).all.trim();
      const kubeconfig = join(scratch, "kubeconfig");
      await writeFile(
        kubeconfig,
        text.replace(/( +)client-certificate-data: .*/, `$1token: ${token}`).replace(/ +client-key-data: .*\n/, ""),
        { mode: 0o600 },
      );
      const { exitCode, printed } = await pulumiWith(cluster(), { "cluster-storage:cluster": { kubeconfig } }, [
        "preview",
        "--diff",
        ...pack,
      ]);
      assert.equal(exitCode, 0, printed);
      assert.match(printed, /\n {4}\d+ unchanged\n/);
    });

    it("everything can be tried out, and nothing be done", async () => {
      const as = (args: string[]) => kubectl([...args, "--as", account, "--namespace", "local-ai-system"]);
      const denied =
        /denied request: the preview account may only dry-run; deployments use the environment's own account/;
      // The API server takes a moment to go by a new policy.
      for (let tries = 0; tries < 20 && (await as(["create", "configmap", "probe"])).exitCode === 0; tries++)
        await kubectl(["delete", "configmap", "probe", "--namespace", "local-ai-system"]);
      assert.equal((await as(["delete", "pvc", "redis-data", "--dry-run=server"])).exitCode, 0);
      for (const args of [
        ["delete", "pvc", "redis-data"],
        ["create", "configmap", "probe"],
        ["scale", "deployment", "redis", "--replicas=0"],
      ]) {
        const { exitCode, all } = await as(args);
        assert.equal(exitCode, 1, args.join(" "));
        assert.match(all, /denied request|cannot patch resource "deployments\/scale"/);
        if (args[0] !== "scale") assert.match(all, denied);
      }
    });
  });
});
