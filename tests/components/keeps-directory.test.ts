import assert from "node:assert/strict";
import { lostDirectories } from "../../components/keeps-directory";

const claim = { name: "data", persistentVolumeClaim: { claimName: "redis-data" } };
const directory = { name: "data", emptyDir: { sizeLimit: "1Gi" } };
const bring = { name: "bring-data", image: "mover:1" };
const workload = (volume: object, initContainers: object[], image = "redis:8") => ({
  spec: { template: { spec: { containers: [{ name: "redis", image }], initContainers, volumes: [volume] } } },
});
const filled = workload(directory, [bring]);

describe("a pod whose own directory was filled from a claim", () => {
  const cases: [string, object | undefined, object | undefined, string[]][] = [
    ["another image of the service", filled, workload(directory, [bring], "redis:9"), ["data"]],
    ["another image of the mover", filled, workload(directory, [{ ...bring, image: "mover:2" }]), ["data"]],
    ["nothing", filled, structuredClone(filled), []],
    ["the move into it", workload(claim, []), filled, []],
    ["the move out of it", filled, workload(claim, []), []],
    ["giving up what was filled, by name", filled, workload(directory, []), []],
    ["a directory that nothing fills", workload(directory, []), workload(directory, [], "redis:9"), []],
    ["values that the preview doesn't know", undefined, filled, []],
  ];
  for (const [what, before, after, lost] of cases)
    it(`${lost.length > 0 ? "loses its data" : "loses nothing"} by ${what}`, () =>
      assert.deepEqual(lostDirectories(before as never, after as never), lost));
});
