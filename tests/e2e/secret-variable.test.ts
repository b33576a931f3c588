import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { execInPod } from "../../kube/exec";
import { waitForReadyPod } from "../../kube/pods";
import { encryptionSalt, overrideConfig } from "../../ops/pulumi/overrides";
import { readStackConfig } from "../../ops/pulumi/project";
import { pulumi, readOutputs } from "../../ops/pulumi/stack";
import { marked, shownIn } from "../secrets/marked";
import { ops } from "./cli";
import { deployStack, useDeployedStack } from "./fixture";
import { useGitHub } from "./github";
import { OwnStackFile } from "./own-stack-file";
import { stateText } from "./state";

const namespace = "taskflow";
const place = "cluster-storage:services.taskflow.env.API_KEY";

describe("a variable that is set with pulumi config set --secret", () => {
  const cluster = useDeployedStack();
  const { github, reportFile } = useGitHub();
  const [first, second] = [marked("first"), marked("second")];
  let file: OwnStackFile;

  before("a stack file that this stack can decrypt", async () => {
    const salt = encryptionSalt(await readFile(cluster().target.stack.configFile!, "utf8"));
    file = await OwnStackFile.write(overrideConfig(await readStackConfig("dev"), {}, salt));
  });
  after("the stack as it was", async function () {
    this.timeout(300_000);
    await file.remove();
    await deployStack(cluster());
  });

  const set = (value: string) =>
    pulumi(cluster().target.stack, ["config", "set", "--secret", "--path", place, "--config-file", file.path], {
      input: value,
    });

  const run = (...args: string[]) => ops(args, { ...file.env, ...github.env });

  const variable = async () => {
    const { taskflow } = (await readOutputs(cluster().target.stack)).services;
    const pod = await waitForReadyPod(cluster().kube, taskflow!, 180_000);
    const script =
      'for p in /proc/[0-9]*; do tr "\\0" "\\n" <$p/environ 2>/dev/null; done | grep "^API_KEY=" | sort -u';
    const { name = "" } = pod.metadata ?? {};
    return (await execInPod(cluster().kube, namespace, name, "taskflow", ["sh", "-c", script])).stdout.trim();
  };

  const assertHidden = async () => {
    const { apps } = cluster().kube;
    const deployment = await apps.readNamespacedDeployment({ namespace, name: "taskflow" });
    assert.deepEqual(shownIn(deployment, [first, second]), []);
    assert.deepEqual(shownIn(await stateText(cluster()), [first, second]), []);
  };

  it("reaches the process by a Secret, and is in plain text in neither the workload nor the state", async () => {
    await set(first);
    await file.deploy();
    assert.equal(await variable(), `API_KEY=${first}`);
    await assertHidden();
  });

  it("is in no preview, comment or impact of another value, neither the old one nor the new", async () => {
    await set(second);
    const report = reportFile("secret.json");
    const preview = await run("ci:preview", "--out", report);
    assert.equal(preview.exitCode, 0, preview.printed);
    assert.match(await readFile(report, "utf8"), /taskflow-env/);
    assert.equal((await run("ci:comment", report, "--pull-request", "7")).exitCode, 0);
    assert.deepEqual(shownIn([preview.printed, await readFile(report, "utf8"), github.comments], [first, second]), []);
  });

  it("starts the pod again with the new value", async () => {
    await file.deploy();
    assert.equal(await variable(), `API_KEY=${second}`);
    await assertHidden();
  });

  it("is refused where it would stand in plain text, and nothing is changed", async () => {
    const before = await file.read();
    const size = "cluster-storage:services.redis.size";
    await pulumi(cluster().target.stack, [
      "config",
      "set",
      "--secret",
      "--path",
      size,
      "1Gi",
      "--config-file",
      file.path,
    ]);
    await assert.rejects(file.deploy(), (error: Error) => {
      assert.match(
        error.message,
        /cluster-storage:services\.redis\.size: is secret, and here it would stand in plain /,
      );
      return true;
    });
    await file.write(before);
  });
});
