import assert from "node:assert/strict";
import { ops } from "./cli";
import { instance, useDeployedStack } from "./fixture";
import { waitForReadyPod } from "../../kube/pods";
import { readOutputs } from "../../ops/pulumi/stack";
import { newKey } from "../../ops/verify/remove";
import { runSteps } from "../../ops/verify/steps";

/** A stand-in, a real program, and a database that others start on. */
const names = ["qdrant", "redis", "postgres"];

describe("a verify", () => {
  const cluster = useDeployedStack();

  const listed = async (name: string) => {
    const { services } = await readOutputs(cluster().target.stack);
    const service = services[name]!;
    const pod = await waitForReadyPod(cluster().kube, service, 60_000);
    const run = (steps: typeof service.check.list, key: string) =>
      runSteps(cluster().kube, service, pod, steps, { key, value: "0123456789abcdef" });
    return { run, check: service.check, list: () => run(service.check.list, "") };
  };

  it("removes what it wrote, and what a killed one left, and nothing else", async function () {
    this.timeout(180_000);
    const [killed, running] = [newKey(Date.now() - 2 * 60 * 60_000), newKey(Date.now())];
    for (const name of names) {
      const { run, check } = await listed(name);
      for (const key of [killed, running, "somebody-elses"]) await run(check.write, key);
    }
    const { exitCode, printed } = await ops(["verify", ...names], { CLUSTER_STORAGE_INSTANCE: instance });
    assert.equal(exitCode, 0, printed);
    assert.doesNotMatch(printed, /could not be removed/);
    for (const name of names) {
      const { run, check, list } = await listed(name);
      const found = (await list()).match(/cluster-storage-check-\w+|somebody-elses/g) ?? [];
      // Redis lists only what has verify's own name.
      assert.deepEqual(found.sort(), [running, ...(name === "redis" ? [] : ["somebody-elses"])], name);
      assert.match(await run(check.read, "somebody-elses"), /0123456789abcdef/, name);
      for (const key of [running, "somebody-elses"]) await run(check.remove, key);
    }
  });
});
