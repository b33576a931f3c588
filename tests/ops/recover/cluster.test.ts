import assert from "node:assert/strict";
import { ApiException } from "@kubernetes/client-node";
import type { Kube } from "../../../kube/client";
import { objectsOf } from "../../../ops/pulumi/objects";
import { assertSameCluster, identify, lookUpObjects } from "../../../ops/recover/cluster";
import { stateObject, stateStack } from "./state-objects";

const refusing = (code: number) => Promise.reject(new ApiException(code, "no", undefined, {}));

/** A cluster whose kube-system is read like this. */
const kubeWith = (readNamespace: () => Promise<unknown>) =>
  ({ context: "home", core: { readNamespace } }) as unknown as Kube;

const system = () => Promise.resolve({ metadata: { uid: "now", creationTimestamp: new Date("2026-07-01T00:00:00Z") } });

describe("a cluster's identity", () => {
  it("is its kube-system namespace, and unknown where that may not be read", async () => {
    assert.deepEqual(await identify(kubeWith(system)), { uid: "now", made: "2026-07-01T00:00:00.000Z" });
    assert.equal(await identify(kubeWith(() => refusing(403))), undefined);
    await assert.rejects(identify(kubeWith(() => refusing(500))));
  });

  it("keeps a recovery from a cluster that isn't the state's", async () => {
    await assert.rejects(assertSameCluster(kubeWith(system), { resources: [stateStack("before")] }, { name: "prod" }), {
      name: "UserError",
      message:
        'context "home" leads to another cluster than the one that the last update of stack "prod" went to ' +
        "(kube-system now, not before). Nothing was changed. Where the context or the kubeconfig is wrong, name the " +
        "stack's cluster; where the cluster was made anew, its data is gone with the old one: npm run recover -- " +
        "--new-cluster --stack prod",
    });
  });

  it("doesn't where it is the same, or one of the two isn't known", async () => {
    await assertSameCluster(kubeWith(system), { resources: [stateStack("now")] }, { name: "prod" });
    await assertSameCluster(
      kubeWith(() => refusing(403)),
      { resources: [stateStack("before")] },
      { name: "prod" },
    );
    for (const resources of [[], [stateStack()], [stateStack("")]])
      await assertSameCluster(
        kubeWith(() => assert.fail("nobody should ask")),
        { resources },
        { name: "prod" },
      );
  });
});

describe("the objects of a state", () => {
  const resources = [
    stateStack("now"),
    stateObject("Namespace", "cache", undefined),
    stateObject("Deployment", "redis", "cache"),
    stateObject("StorageClassPatch", "theirs", undefined),
    stateObject("Secret", "hidden", "cache", { outputs: { metadata: { ciphertext: "v1:x" } } }),
    { urn: "release", type: "kubernetes:helm.sh/v3:Release", outputs: { name: "nfs" } },
  ];

  it("are what has a kind and a name, without patches of others' objects; a Secret's uid is secret", () =>
    assert.deepEqual(
      objectsOf({ resources }).map(({ urn: _, ...object }) => object),
      [
        { apiVersion: "v1", kind: "Namespace", name: "cache", uid: "uid of cache", created: "2026-06-01T00:00:00Z" },
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          namespace: "cache",
          name: "redis",
          uid: "uid of redis",
          created: "2026-06-01T00:00:00Z",
        },
        { apiVersion: "v1", kind: "Secret", namespace: "cache", name: "hidden" },
      ],
    ));

  it("are looked up one by one; a kind that the cluster doesn't know has none", async () => {
    const read = async ({ kind, metadata }: { kind: string; metadata: object }) => {
      if (kind === "Deployment") throw new Error("Unrecognized API version and kind: apps/v1 Deployment");
      return { metadata: { ...metadata, uid: "live" } };
    };
    const found = await lookUpObjects({ objects: { read } } as unknown as Kube, objectsOf({ resources }));
    assert.deepEqual(
      found.map(({ object, live }) => [object.name, live]),
      [
        ["cache", { uid: "live", annotations: {} }],
        ["redis", undefined],
        ["hidden", { uid: "live", annotations: {} }],
      ],
    );
    const missing = { objects: { read: () => refusing(404) } } as unknown as Kube;
    assert.deepEqual(
      (await lookUpObjects(missing, objectsOf({ resources }))).flatMap(({ live }) => live ?? []),
      [],
    );
    await assert.rejects(
      lookUpObjects({ objects: { read: () => refusing(403) } } as unknown as Kube, objectsOf({ resources })),
    );
  });
});
