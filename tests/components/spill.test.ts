import assert from "node:assert/strict";
import { spillPod } from "../../components/pod";
import { spillContainers, spillVolumes } from "../../components/spill";
import type { ClaimPlan } from "../../model/storage";
import type { ServicePlan } from "../../model/plan";

const from = { name: "redis-data" } as ClaimPlan;
const spilled = {
  name: "redis-data-2",
  volume: "redis-data",
  size: "2Gi",
  ephemeral: true,
  mounts: [],
  move: { job: "redis-data-1-to-2", kind: "spill", from, replace: false },
} as unknown as ClaimPlan;
const service = (claims: ClaimPlan[]) =>
  ({ name: "redis", claims, container: { env: [], scratch: ["/tmp"] } }) as unknown as ServicePlan;
const mover = { image: "mover:1" };

describe("a pod that takes a claim's data along", () => {
  it("copies it into its own directory before it starts, read-only at the claim, and only once", () => {
    const [container, ...others] = spillContainers(service([spilled]), mover) as unknown as [
      {
        name: string;
        image: string;
        command: string[];
        env: { value: string }[];
        volumeMounts: object[];
        securityContext: object;
      },
    ];
    assert.deepEqual(others, []);
    assert.deepEqual(
      [container.name, container.image, container.command],
      ["bring-redis-data", "mover:1", ["node", "/mover/copy.mjs", "copy"]],
    );
    assert.deepEqual(container.volumeMounts, [
      { name: "bring-scripts", mountPath: "/mover", readOnly: true },
      { name: "bring-redis-data", mountPath: "/source", readOnly: true },
      { name: "redis-data", mountPath: "/target" },
    ]);
    const task = JSON.parse(container.env[0]!.value) as Record<string, unknown>;
    assert.deepEqual(task, {
      source: "/source",
      target: "/target",
      sourceName: "redis-data",
      targetName: "the emptyDir",
      sourceId: "redis-data",
      size: "2Gi",
      replace: false,
      resume: false,
      onlyEmpty: true,
    });
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    });
  });

  it("has the claim and the programs beside its own volumes, in the order that the job sets them in too", () => {
    const { volumes } = spillPod(service([spilled]), mover);
    assert.deepEqual(volumes, [
      { name: "redis-data", emptyDir: { sizeLimit: "2Gi" } },
      { name: "scratch-0", emptyDir: { sizeLimit: "1Gi" } },
      { name: "bring-redis-data", persistentVolumeClaim: { claimName: "redis-data", readOnly: true } },
      { name: "bring-scripts", configMap: { name: "redis-move" } },
    ]);
  });

  it("has nothing of it where nothing is taken along", () => {
    const others = [
      { ...spilled, move: undefined },
      { ...spilled, move: { ...spilled.move!, kind: "copy" as const } },
    ];
    assert.deepEqual([spillContainers(service(others), mover), spillVolumes(service(others), "redis-move")], [[], []]);
  });
});
