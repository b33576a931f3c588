import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa, type Options } from "execa";
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
  spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image, command: ["sh", "-c", "sleep 15"] }] } } },
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
    await mkdir(directory, { recursive: true });
    await symlink(join(repository, "node_modules"), join(directory, "node_modules"));
    await writeFile(join(directory, "index.js"), program);
    await writeFile(join(directory, "package.json"), JSON.stringify({ main: "index.js" }));
    await writeFile(join(directory, "Pulumi.yaml"), "name: interrupted\nruntime: { name: nodejs, options: { typescript: false } }\n");
    options = {
      cwd: directory,
      env: { ...home.env, CONTEXT: cluster.context, NAMESPACE: namespace(), SHELL_IMAGE: cluster.shellImage } as Record<string, string>,
    };
    await pulumi("stack", "init", "dev");
  });
  after(async () => {
    await pulumi("destroy", "--yes", "--skip-preview");
    await home.remove();
    await rm(directory, { recursive: true });
  });

  const pulumi = (...args: string[]) => execa("pulumi", [...args, "--non-interactive"], { ...options, all: true, reject: false });
  const output = async (...args: string[]): Promise<string> => String((await pulumi(...args)).all);

  it("leaves the object in the cluster, a pending operation in the state, and the lock", async () => {
    const update = pulumi("up", "--yes", "--skip-preview");
    await until("the Job is not there", () => find("batch/v1/Job", "copy", namespace()));
    await killTree(update.pid!);
    await update;
    assert.match(await stateText(home, "dev"), /"pending_operations": \[\s*\{/);
    assert.match(await output("up", "--yes", "--skip-preview"), /currently locked by 1 lock/);
  });

  it("fails for ever on what it made, once the lock is off", async () => {
    await output("cancel", "--yes");
    assert.match(await output("up", "--yes", "--skip-preview"), /already exists/);
  });

  it("goes on after its pending creation was imported, without a replacement", async () => {
    const state = JSON.parse(await stateText(home, "dev")) as { checkpoint: { latest: { pending_operations: { resource: { urn: string } }[] } } };
    const [pending] = state.checkpoint.latest.pending_operations;
    const { urn } = pending.resource;
    await until("the Job does not end", async () => (await find("batch/v1/Job", "copy", namespace()))?.status?.succeeded === 1);
    const uid = (await find("batch/v1/Job", "copy", namespace()))?.metadata?.uid;

    const refresh = await pulumi("refresh", "--yes", "--skip-preview", "--import-pending-creates", urn, "--import-pending-creates", `${namespace()}/copy`);
    assert.equal(refresh.exitCode, 0, String(refresh.all));
    const preview = await output("preview", "--json", "--suppress-progress");
    const { steps } = JSON.parse(preview.slice(preview.indexOf("{"))) as { steps: { op: string; urn: string }[] };
    const step = steps.find((candidate) => candidate.urn === urn);
    assert.ok(["same", "update"].includes(step!.op), step?.op);

    const update = await pulumi("up", "--yes", "--skip-preview");
    assert.equal(update.exitCode, 0, String(update.all));
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
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "")).trim().split(" ").filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}
