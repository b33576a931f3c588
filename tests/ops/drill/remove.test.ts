import assert from "node:assert/strict";
import {
  ApiException,
  type KubernetesObject,
  type V1PersistentVolume,
  type V1PersistentVolumeClaim,
} from "@kubernetes/client-node";
import type { Kube } from "../../../kube/client";
import { removeGround } from "../../../ops/drill/remove";
import { keepNot } from "../../../ops/drill/volumes";

const label = "cluster-storage/drill";
const namespace = "backups-drill";
const ours = { namespace, run: "ours" };

/** A claim and its volume, as a drill of this run makes them. */
const claim: V1PersistentVolumeClaim = {
  metadata: { name: "data", namespace, uid: "claim", labels: { [label]: "ours" } },
  spec: { volumeName: "pv" },
};
const volume: V1PersistentVolume = {
  metadata: { name: "pv", annotations: { "pv.kubernetes.io/provisioned-by": "somebody" } },
  spec: { claimRef: { namespace, name: "data", uid: "claim" } },
};

interface Has {
  /** The run that has made the namespace. */
  run?: string;
  claim?: V1PersistentVolumeClaim;
  volume?: V1PersistentVolume;
}

/** A cluster with this one claim, which writes down what is changed. */
function clusterWith({ run = "ours", claim: has = claim, volume: of = volume }: Has) {
  const changed: string[] = [];
  const change = (what: string) => (changed.push(what), Promise.resolve({}));
  const items = (kind: string): KubernetesObject[] => (kind === "PersistentVolumeClaim" ? [has] : []);
  const kube = {
    core: {
      readNamespace: () => Promise.resolve({ metadata: { name: namespace, uid: "n", labels: { [label]: run } } }),
      readNamespacedPersistentVolumeClaim: () => Promise.resolve(has),
      readPersistentVolume: () => Promise.resolve(of),
      patchPersistentVolume: ({ body }: { body: unknown }) => change(`gives up pv: ${JSON.stringify(body)}`),
      deleteNamespacedPersistentVolumeClaim: ({ name }: { name: string }) => change(`deletes claim ${name}`),
      deleteNamespace: ({ name }: { name: string }) => change(`deletes namespace ${name}`),
    },
    objects: {
      list: (_: string, kind: string) => Promise.resolve({ items: items(kind) }),
      patch: ({ metadata }: KubernetesObject) => change(`marks ${metadata?.name}`),
    },
  };
  return { kube: kube as unknown as Kube, changed };
}

const givenUp = [
  "marks pv",
  `gives up pv: ${JSON.stringify([
    { op: "test", path: "/spec/claimRef/uid", value: "claim" },
    { op: "replace", path: "/spec/persistentVolumeReclaimPolicy", value: "Delete" },
  ])}`,
];

describe("the volume of a drill's claim", () => {
  const changedWith = async (has: Has) => {
    const { kube, changed } = clusterWith(has);
    await keepNot(kube, ours, "data");
    return changed;
  };

  it("goes with the claim, if nobody has given it to another claim meanwhile", async () =>
    assert.deepEqual(await changedWith({}), givenUp));

  it("is not asked for where the claim is gone since it was listed", async () => {
    const { kube, changed } = clusterWith({});
    kube.core.readNamespacedPersistentVolumeClaim = () => Promise.reject(new ApiException(404, "", "{}", {}));
    await keepNot(kube, ours, "data");
    assert.deepEqual(changed, []);
  });

  it("is left alone where a person has made it", async () =>
    assert.deepEqual(await changedWith({ volume: { ...volume, metadata: { name: "pv" } } }), []));

  it("is left alone where it is another claim's of the same name", async () =>
    assert.deepEqual(
      await changedWith({ volume: { ...volume, spec: { claimRef: { namespace, name: "data", uid: "before" } } } }),
      [],
    ));

  it("is left alone where the claim is no drill's, or another run's", async () => {
    const { labels: _, ...metadata } = claim.metadata!;
    assert.deepEqual(await changedWith({ claim: { ...claim, metadata } }), []);
    assert.deepEqual(
      await changedWith({ claim: { ...claim, metadata: { ...metadata, labels: { [label]: "theirs" } } } }),
      [],
    );
  });
});

describe("a drill's namespace", () => {
  it("stays with all that is in it where another run has made it", async () => {
    const { kube, changed } = clusterWith({ run: "theirs" });
    await assert.rejects(removeGround(kube, namespace, "ours"), {
      message: "the namespace backups-drill is not this drill's any more; nothing was removed there",
    });
    assert.deepEqual(changed, []);
  });

  it("stays with a claim that somebody has made there", async () => {
    const { labels: _, ...metadata } = claim.metadata!;
    const { kube, changed } = clusterWith({ claim: { ...claim, metadata } });
    await assert.rejects(removeGround(kube, namespace, "ours"), {
      message:
        "in the drill's namespace backups-drill is something that no drill has made, so it stays: " +
        "PersistentVolumeClaim data. Look at it, and delete it: kubectl delete namespace backups-drill",
    });
    assert.deepEqual(changed, []);
  });
});
