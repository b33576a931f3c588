import assert from "node:assert/strict";
import { ifFound } from "../../kube/client";
import { stackError } from "./cli";
import { useDeployedStack } from "./fixture";
import { otherStack, pulumiOn, type OtherConfig } from "./other-stack";

const namespace = "first-image";
const nothing = "localhost/cluster-storage/nothing:1";

const config = (more: object = {}): OtherConfig => ({
  backends: { there: { type: "existing", class: "local-path", accessModes: ["ReadWriteOnce"], default: true } },
  services: { redis: { size: "64Mi", namespace, protect: false, ...more } },
});

describe("a service's first creation", () => {
  const cluster = useDeployedStack();
  const run = (wanted: OtherConfig, ...args: string[]) =>
    pulumiOn(cluster(), otherStack(cluster(), "first-image"), wanted, args);
  const deployment = () => ifFound(cluster().kube.apps.readNamespacedDeployment({ namespace, name: "redis" }));

  after("nothing of it", async function () {
    this.timeout(120_000);
    const { exitCode, printed } = await run(config(), "destroy", "--yes", "--skip-preview");
    assert.equal(exitCode, 0, printed);
  });

  it("with an image that can't be pulled ends within a minute, and says why", async function () {
    this.timeout(120_000);
    const began = Date.now();
    const { exitCode, printed } = await run(config({ image: nothing }), "up", "--yes", "--skip-preview");
    assert.equal(exitCode, 1, printed);
    assert.ok(Date.now() - began < 60_000, `${Date.now() - began} ms`);
    const error = stackError(printed);
    const begin = `cluster-storage:services.redis.image: the cluster can't get image ${nothing} (ErrImagePull: `;
    const end =
      "); correct the image, or make it available there; the workload was not made, and what was made before it " +
      "is kept";
    assert.ok(error.startsWith(begin) && error.endsWith(end), error);
    assert.doesNotMatch(printed, /\n\s+at /);
    assert.equal(await deployment(), undefined);
  });

  it("goes on from there once the image is put right", async function () {
    this.timeout(120_000);
    const { exitCode, printed } = await run(config(), "up", "--yes", "--skip-preview");
    assert.equal(exitCode, 0, printed);
    assert.equal((await deployment())?.status?.readyReplicas, 1);
  });
});
