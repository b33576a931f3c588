import assert from "node:assert/strict";
import { backendTypes } from "../../../backends/catalogue";
import { listPlaces, placeOf } from "../../../ops/move/places";
import { planOf } from "../../../ops/pulumi/stack-plan";
import { committedStacks } from "../../stack";

const owner = { project: "cluster-storage", stack: "dev" };
const yaml = committedStacks()
  .get("dev")!
  .replace(
    "cluster-storage:backends:\n",
    `cluster-storage:backends:
    fast: { type: local-path, path: /mnt/fast, class: ssd }
    pod: { type: ephemeral, allowDataLoss: "a test" }
    grows: { type: existing, class: standard, accessModes: [ReadWriteOnce], expand: true }
`,
  );
const places = listPlaces(planOf(yaml, owner).config, backendTypes);

describe("the places of a stack", () => {
  it("are its backends' classes, with what they can do", () => {
    assert.deepEqual(places, [
      { backend: "fast", class: "ssd", isDefault: false, ephemeral: false, expand: false, followsNode: true },
      { backend: "pod", class: "", isDefault: false, ephemeral: true, expand: false, followsNode: true },
      { backend: "grows", class: "standard", isDefault: false, ephemeral: false, expand: true, followsNode: false },
      {
        backend: "local-path",
        class: "local-path",
        isDefault: true,
        ephemeral: false,
        expand: false,
        followsNode: true,
      },
    ]);
  });
  const cases: [string, { backend?: string; class?: string }, string | undefined][] = [
    ["a backend", { backend: "fast" }, "fast"],
    ["a class", { class: "ssd" }, "fast"],
    ["neither: the default", {}, "local-path"],
    ["volumes made by hand: none", { class: "" }, undefined],
    ["the pod's own directory", { backend: "pod" }, "pod"],
  ];
  for (const [title, lines, backend] of cases)
    it(`are found for ${title}`, () => assert.equal(placeOf(lines, places)?.backend, backend));
});

describe("planOf", () => {
  it("says all that is wrong with a config, without a stack trace", () => {
    const message =
      'the config of stack "dev" has 1 fault, so nothing was changed:\n  cluster-storage:services.redis.size: ' +
      '"1" has no unit; did you mean 1Gi?';
    assert.throws(() => planOf(yaml.replace("redis: { size: 1Gi", 'redis: { size: "1"'), owner), {
      name: "UserError",
      message,
    });
  });
});
