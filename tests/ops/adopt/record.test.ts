import assert from "node:assert/strict";
import { forgetCluster, recordAdopted } from "../../../ops/adopt/record";
import type { Planned } from "../../../ops/adopt/types";
import type { StateExport, StateResource } from "../../../ops/pulumi/state";
import { claim, live, planned, stack } from "./objects";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
const root: Planned = { urn: urn("pulumi:pulumi:Stack", "shop-dev"), type: "pulumi:pulumi:Stack", custom: false };
const component: Planned = {
  urn: urn("cluster-storage:index:StatefulService", "redis"),
  type: "cluster-storage:index:StatefulService",
  custom: false,
  parent: root.urn,
};
const provider: Planned = {
  urn: urn("pulumi:providers:kubernetes", "cluster"),
  type: "pulumi:providers:kubernetes",
  custom: true,
  parent: root.urn,
  inputs: { __internal: {}, context: "minikube" },
};
const namespace = planned("Namespace", "data");
const ofCluster = (resource: Planned, more: Partial<Planned> = {}): Planned => ({
  ...resource,
  parent: component.urn,
  provider: `${provider.urn}::${unknown}`,
  ...more,
});
const password: Planned = {
  urn: urn("random:index/randomPassword:RandomPassword", "redis-password"),
  type: "random:index/randomPassword:RandomPassword",
  custom: true,
  inputs: { length: 32, special: false },
  parent: component.urn,
  provider: `${urn("pulumi:providers:random", "default_4_21_2")}::${unknown}`,
};
const empty: StateExport = { version: 3, deployment: {} };
const state = (...resources: StateResource[]): StateExport => ({ version: 3, deployment: { resources } });
const adopt = (resource: Planned, object = live(resource)) => ({
  planned: resource,
  live: object,
  fieldManager: "pulumi-kubernetes-1",
});
const find = (result: StateExport, wanted: Planned) =>
  result.deployment.resources?.find((resource) => resource.urn === wanted.urn);
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

describe("recordAdopted", () => {
  const tied = ofCluster(claim, {
    protect: true,
    dependencies: [namespace.urn, urn("x", "gone")],
    propertyDependencies: { spec: [namespace.urn, urn("x", "gone")] },
  });
  const all = [root, component, provider, ofCluster(namespace), tied, password];

  it("records an object below its component and its provider, which come before it", () => {
    const { deployment } = recordAdopted(empty, all, [adopt(tied)], [], stack);
    const made = deployment.resources?.find(({ urn }) => urn === provider.urn);
    assert.deepEqual(
      deployment.resources?.map(({ urn }) => urn),
      [root.urn, component.urn, provider.urn, tied.urn],
    );
    assert.match(made?.id ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual(made?.outputs, { context: "minikube" });
    assert.deepEqual(deployment.resources?.at(-1), {
      ...tied,
      id: "data/redis-data",
      provider: `${provider.urn}::${made?.id}`,
      dependencies: [],
      propertyDependencies: { spec: [] },
      outputs: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "redis-data", namespace: "data" },
        __inputs: claim.inputs,
        __initialApiVersion: "v1",
        __fieldManager: "pulumi-kubernetes-1",
      },
    });
  });

  it("ties it to what is recorded, and to the provider that the state has", () => {
    const before = state(root, { ...provider, id: "p1" }, { ...namespace, id: "data" });
    const result = find(recordAdopted(before, all, [adopt(tied)], [], stack), tied);
    assert.equal(result?.provider, `${provider.urn}::p1`);
    assert.deepEqual(result?.dependencies, [namespace.urn]);
    assert.deepEqual(result?.propertyDependencies, { spec: [namespace.urn] });
  });

  it("records nothing twice", () => {
    const once = recordAdopted(empty, all, [adopt(tied)], [{ urn: password.urn, value: "x", from: "" }], stack);
    assert.deepEqual(
      recordAdopted(once, all, [adopt(tied)], [{ urn: password.urn, value: "x", from: "" }], stack),
      once,
    );
  });

  it("records a generated value as a secret, with a default provider that no preview shows", () => {
    const result = recordAdopted(empty, all, [], [{ urn: password.urn, value: 'p"w', from: "" }], stack);
    const random = result.deployment.resources?.find(({ type }) => type === "pulumi:providers:random");
    assert.deepEqual([random?.inputs, random?.outputs], [{ __internal: {}, version: "4.21.2" }, { version: "4.21.2" }]);
    const recorded = find(result, password);
    assert.equal(recorded?.provider, `${random?.urn}::${random?.id}`);
    assert.equal(recorded?.id, "none");
    assert.deepEqual(recorded?.outputs?.result, secret('p"w'));
    assert.deepEqual(
      [recorded?.outputs?.length, recorded?.outputs?.special, recorded?.outputs?.upper],
      [32, false, true],
    );
  });

  it("takes what only the update would know from the object, and leaves out what that hasn't", () => {
    const job = ofCluster(
      planned("Job", "setup", { spec: { checksum: unknown, none: unknown, list: [{ id: unknown }] } }),
    );
    const recorded = find(
      recordAdopted(empty, all, [adopt(job, live(job, { spec: { checksum: "abc", list: [{ id: "1" }] } }))], [], stack),
      job,
    );
    assert.deepEqual(recorded?.inputs?.spec, { checksum: "abc", list: [{ id: "1" }] });
  });

  it("has the values of the stack's own Secret, and none of anybody else's", () => {
    const own = ofCluster(planned("Secret", "redis", { stringData: "[secret]" }));
    const data = { password: Buffer.from("kept").toString("base64") };
    const mine = find(
      recordAdopted(
        empty,
        all,
        [adopt(own, live(own, { data, metadata: { annotations: { "cluster-storage/stack": stack } } }))],
        [],
        stack,
      ),
      own,
    );
    assert.deepEqual(mine?.inputs?.stringData, secret({ password: "kept" }));
    const theirs = find(recordAdopted(empty, all, [adopt(own, live(own, { data }))], [], stack), own);
    assert.equal(theirs?.inputs?.stringData, undefined);
    assert.ok(!JSON.stringify(theirs).includes("kept"));
  });

  it("changes nothing of what it was given", () => {
    const before = state(root);
    const copy = structuredClone([before, all]);
    recordAdopted(before, all, [adopt(tied)], [], stack);
    assert.deepEqual([before, all], copy);
  });
});

describe("forgetCluster", () => {
  it("drops the identity of the cluster that the stack was deployed to, and nothing else", () => {
    const before = state({ ...root, outputs: { cluster: { context: "minikube", uid: "1" }, classes: {} } }, component);
    assert.deepEqual(
      forgetCluster(before),
      state({ ...root, outputs: { cluster: { context: "minikube" }, classes: {} } }, component),
    );
    assert.deepEqual(forgetCluster(state(root)), state(root));
  });
});
