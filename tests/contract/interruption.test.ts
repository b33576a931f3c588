import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa, type Options } from "execa";
import { pendingOperations } from "../../ops/recover/decide";
import { resolvePending, type Deployment, type StateExport } from "../../ops/pulumi/state";
import { find, until, useNamespace } from "./cluster";
import { contractCluster, temporaryPulumi, type PulumiHome } from "./environment";
import { stateText } from "./stack";

const repository = resolve(__dirname, "../..");

// A program of its own: an inline one would run in the tests' process, which must outlive the kill.
const program = `
const { Provider } = require("@pulumi/kubernetes/provider");
const { Job } = require("@pulumi/kubernetes/batch/v1");
const { PersistentVolumeClaim } = require("@pulumi/kubernetes/core/v1");
const { KUBECONFIG: kubeconfig, CONTEXT: context, NAMESPACE: namespace, SHELL_IMAGE: image } = process.env;
const provider = new Provider("cluster", { kubeconfig, context, clusterIdentifier: "contract" });
new Job("copy", {
  metadata: { name: "copy", namespace },
  spec: {
    template: {
      spec: { restartPolicy: "Never", containers: [{ name: "main", image, command: ["sh", "-c", "sleep 15"] }] },
    },
  },
}, { provider });
`;

describe("an update that was killed", () => {
  const namespace = useNamespace();
  let home: PulumiHome;
  let directory: string;
  let options: Options;

  before(async () => {
    const cluster = contractCluster();
    home = await temporaryPulumi(cluster.kubeconfig);
    directory = await mkdtemp(join(tmpdir(), "contract-"));
    await symlink(join(repository, "node_modules"), join(directory, "node_modules"));
    await writeFile(join(directory, "index.js"), program);
    await writeFile(join(directory, "package.json"), JSON.stringify({ main: "index.js" }));
    await writeFile(
      join(directory, "Pulumi.yaml"),
      "name: interrupted\nruntime: { name: nodejs, options: { typescript: false } }\n",
    );
    options = {
      cwd: directory,
      env: { ...home.env, CONTEXT: cluster.context, NAMESPACE: namespace(), SHELL_IMAGE: cluster.shellImage } as Record<
        string,
        string
      >,
    };
    await pulumi("stack", "init", "dev");
  });
  after(async () => {
    await pulumi("destroy", "--yes", "--skip-preview");
    await home.remove();
    await rm(directory, { recursive: true });
  });

  const pulumi = (...args: string[]) =>
    execa("pulumi", [...args, "--non-interactive"], { ...options, all: true, reject: false });
  const succeed = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, all } = await pulumi(...args);
    assert.equal(exitCode, 0, String(all));
    return String(stdout);
  };
  const output = async (...args: string[]): Promise<string> => String((await pulumi(...args)).all);

  it("leaves the object in the cluster, a pending operation in the state, and the lock", async () => {
    const update = pulumi("up", "--yes", "--skip-preview");
    await until("the Job is not there", () => find("batch/v1/Job", "copy", namespace()));
    await killTree(update.pid!);
    await update;
    const { checkpoint } = JSON.parse(await stateText(home, "dev")) as { checkpoint: { latest: Deployment } };
    assert.deepEqual(
      pendingOperations(checkpoint.latest).map(({ type }) => type),
      ["creating"],
    );
    assert.match(await output("up", "--yes", "--skip-preview"), /currently locked by 1 lock/);
  });

  it("fails for ever on what it made, once the lock is off", async () => {
    await output("cancel", "--yes");
    assert.match(await output("up", "--yes", "--skip-preview"), /already exists/);
  });

  it("goes on after what it made was recorded in the state, without a replacement", async () => {
    await until(
      "the Job does not end",
      async () => (await find("batch/v1/Job", "copy", namespace()))?.status?.succeeded === 1,
    );
    const uid = (await find("batch/v1/Job", "copy", namespace()))?.metadata?.uid;

    const file = join(directory, "state.json");
    await succeed("stack", "export", "--file", file);
    const state = JSON.parse(await readFile(file, "utf8")) as StateExport;
    const [operation] = pendingOperations(state.deployment);
    await writeFile(file, JSON.stringify(resolvePending(state, [{ operation, id: `${namespace()}/copy` }])));
    await succeed("stack", "import", "--file", file);
    await succeed("refresh", "--yes", "--skip-preview");

    const preview = await succeed("preview", "--json", "--suppress-progress");
    // What stays the same is not listed.
    const { steps = [] } = JSON.parse(preview) as { steps?: { op: string; urn: string }[] };
    const op = steps.find(({ urn }) => urn === operation.resource.urn)?.op ?? "same";
    assert.ok(["same", "update"].includes(op), op);
    await succeed("up", "--yes", "--skip-preview");
    assert.equal((await find("batch/v1/Job", "copy", namespace()))?.metadata?.uid, uid);
  });
});

/** Kills -9 the process first, as a user would, then what it had started and left. */
async function killTree(pid: number): Promise<void> {
  const children = await descendants(pid);
  process.kill(pid, "SIGKILL");
  await new Promise((done) => setTimeout(done, 2_000));
  for (const child of children) {
    try {
      process.kill(child, "SIGKILL");
    } catch {
      // It ended by itself, as it should.
    }
  }
}

async function descendants(pid: number): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => ""))
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}
