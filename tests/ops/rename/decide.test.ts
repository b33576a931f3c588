import assert from "node:assert/strict";
import { objectsOf } from "../../../ops/pulumi/objects";
import type { Place } from "../../../ops/recover/cluster";
import { decideRename, type RenameFacts } from "../../../ops/rename/decide";
import { markOf } from "../../../ops/rename/run";
import { stateObject } from "../recover/state-objects";

const objects = objectsOf({
  resources: [
    stateObject("PersistentVolumeClaim", "redis-data", "cache"),
    stateObject("Namespace", "cache", undefined),
    stateObject("Deployment", "redis", "cache"),
  ],
});

/** What the cluster has in the place of each object, by name: its mark, another uid, or nothing. */
function places(change: Record<string, { mark?: string; uid?: string } | undefined> = {}): Place[] {
  return objects.map((object) => {
    const { mark, uid = object.uid! } = object.name in change ? (change[object.name] ?? {}) : { mark: "shop/old" };
    if (object.name in change && change[object.name] === undefined) return { object };
    const annotations: Record<string, string> = mark === undefined ? {} : { "cluster-storage/stack": mark };
    return { object, live: { uid, annotations } };
  });
}

const decide = (more: Partial<RenameFacts> = {}) =>
  decideRename({ from: "shop/old", to: "shop/new", places: places(), interrupted: false, context: "home", ...more });

const names = (found: readonly { name: string }[]) => found.map(({ name }) => name);

describe("what a renamed stack takes over", () => {
  it("is everything that its state has by uid and that bears the old name, claims last", () => {
    const { take, done, gone, faults } = decide();
    assert.deepEqual([names(take), done, gone, faults], [["cache", "redis", "redis-data"], [], [], []]);
  });

  it("is the rest, where it was killed half-way", () => {
    const { take, done, faults } = decide({ places: places({ cache: { mark: "shop/new" } }) });
    assert.deepEqual([names(take), names(done), faults], [["redis", "redis-data"], ["cache"], []]);
  });

  it("is nothing where everything bears the name already", () => {
    const all = { cache: { mark: "shop/new" }, redis: { mark: "shop/new" }, "redis-data": { mark: "shop/new" } };
    const { take, done, faults } = decide({ places: places(all) });
    assert.deepEqual([take, done.length, faults], [[], 3, []]);
  });

  it("leaves what the cluster hasn't any more", () => {
    const { take, gone, faults } = decide({ places: places({ redis: undefined }) });
    assert.deepEqual([names(take), names(gone), faults], [["cache", "redis-data"], ["redis"], []]);
  });

  it("leaves an object that bears no mark at all", () => {
    const { take, faults } = decide({ places: places({ redis: {} }) });
    assert.deepEqual([names(take), faults], [["cache", "redis-data"], []]);
  });

  it("is what the state keeps secret as well, in a namespace that is its own by uid", () => {
    const [secret] = objectsOf({
      resources: [stateObject("Secret", "redis", "cache", { outputs: { metadata: { ciphertext: "v1:x" } } })],
    });
    const place = (mark: string): Place => ({
      object: secret!,
      live: { uid: "of the secret", annotations: { "cluster-storage/stack": mark } },
    });
    const { take, faults } = decide({ places: [place("shop/old"), ...places()] });
    assert.deepEqual(
      [take.map(({ kind, uid }) => `${kind} ${uid}`), faults],
      [
        [
          "Secret of the secret",
          "Namespace uid of cache",
          "Deployment uid of redis",
          "PersistentVolumeClaim uid of redis-data",
        ],
        [],
      ],
    );
    assert.deepEqual(decide({ places: [place("shop/new"), ...places()] }).done.length, 1);
    const alone = decide({ places: [place("shop/old"), ...places({ cache: undefined })] });
    assert.deepEqual(names(alone.take), ["redis", "redis-data"]);
    assert.match(
      decide({ places: [place("shop/third"), ...places()] }).faults[0]!,
      /^Secret cache\/redis of the state bears/,
    );
  });

  const none = { cache: undefined, redis: undefined, "redis-data": undefined };
  const refused: [string, Partial<RenameFacts>, string[]][] = [
    [
      "its own name",
      { from: "shop/new" },
      ["shop/new is the name that the stack has now: --renamed-from wants the name before."],
    ],
    [
      "an update that was cut off",
      { interrupted: true },
      [
        "An update or a move of the stack was cut off, and what it left bears the mark of shop/old. Give the stack " +
          "its earlier name again (pulumi stack rename), run npm run recover there, and then rename it once more.",
      ],
    ],
    [
      "an empty state",
      { places: [] },
      ["The stack's state has no Kubernetes object, so there is nothing to take over."],
    ],
    [
      "another cluster",
      { places: places(none) },
      [
        'Not one of the 3 objects in the stack\'s state is in the cluster of context "home". Name the context and ' +
          "the kubeconfig of the stack's cluster (cluster-storage:cluster).",
      ],
    ],
    [
      "an object that was made anew",
      { places: places({ "redis-data": { mark: "shop/old", uid: "another" } }) },
      [
        "PersistentVolumeClaim cache/redis-data is in the cluster, but not the one that the state records. It has " +
          "another uid: find out who made it anew. If it is the stack's own all the same, pulumi refresh records it; " +
          "then run this again.",
      ],
    ],
    [
      "a stack of the old name that has the same objects",
      { other: new Set(["uid of redis", "uid of something"]) },
      [
        "Stack shop/old still exists and has 1 object of this stack in its state as well (Deployment cache/redis), " +
          "and an object can have only one stack. Where that state is a copy that nobody uses any more, give it up, " +
          "which changes nothing in the cluster: pulumi stack rm old --force --preserve-config; then run this again.",
      ],
    ],
    [
      "another old name than the one given",
      { from: "shop/older" },
      [
        "PersistentVolumeClaim cache/redis-data, Namespace cache, Deployment cache/redis of the state bear the mark " +
          "of shop/old, not of shop/older. If that was the stack's name, pass it to --renamed-from; otherwise that " +
          "stack has taken them over, and one of the two has to go.",
      ],
    ],
    [
      "an object that a third stack has taken",
      { places: places({ redis: { mark: "shop/third" } }) },
      [
        "Deployment cache/redis of the state bears the mark of shop/third, not of shop/old. If that was the stack's " +
          "name, pass it to --renamed-from; otherwise that stack has taken them over, and one of the two has to go.",
      ],
    ],
    [
      "no mark anywhere",
      { places: places({ cache: {}, redis: {}, "redis-data": {} }) },
      [
        "No object of the state bears the mark of shop/old, or any stack's mark. pulumi refresh and pulumi up put it " +
          "back.",
      ],
    ],
  ];
  for (const [what, facts, faults] of refused)
    it(`is nothing, and the reason is said: ${what}`, () => {
      const found = decide(facts).faults;
      assert.deepEqual(found, faults);
    });

  it("has nothing against a stack of the old name that was made since", () =>
    assert.deepEqual(decide({ other: new Set(["uid of something"]) }).faults, []));
});

describe("the mark of an earlier name", () => {
  it("has the stack's project unless it names one", () => {
    assert.equal(markOf({ project: "shop" }, "old"), "shop/old");
    assert.equal(markOf({ project: "shop" }, "store/old"), "store/old");
  });
  for (const name of ["a/b/c", "/old", "shop/"])
    it(`isn't ${name}`, () =>
      assert.throws(() => markOf({ project: "shop" }, name), {
        name: "UserError",
        message:
          `--renamed-from ${name} is neither a stack (old) nor a project and a stack (project/old). ` +
          "Nothing was changed.",
      }));
});
