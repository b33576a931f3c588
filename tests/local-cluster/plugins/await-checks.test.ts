import assert from "node:assert/strict";
import { customReadiness } from "../../../local-cluster/plugins/kubernetes/awaits/custom";
import type { JsonObject } from "../../../local-cluster/plugins/protocol/values";
import { checked, contextOf, isReady, metadata, waited } from "./awaited";

describe("the wait for a Pod", () => {
  const pod = (phase: string, ready: string, scheduled = "True"): JsonObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    status: {
      phase,
      conditions: [
        { type: "PodScheduled", status: scheduled, reason: "Unschedulable", message: "no node" },
        { type: "Initialized", status: "True" },
        { type: "Ready", status: ready, reason: "ContainersNotReady", message: "not ready: [main]" },
      ],
      containerStatuses: [
        {
          name: "main",
          ready: ready === "True",
          state: { terminated: { exitCode: 3, reason: "Error", message: "the reason" } },
        },
      ],
    },
  });

  it("ends with its readiness or its success, never with its failure", async () => {
    assert.equal(await isReady(pod("Running", "True")), true);
    assert.equal(await isReady(pod("Succeeded", "False")), true);
    const found = await checked(pod("Failed", "False"));
    assert.deepEqual([found.ready, found.failed], [false, undefined]);
  });

  it("says what its containers say, and nothing of one without a node", async () => {
    assert.deepEqual(await (await checked(pod("Failed", "False"))).explain?.(), [
      "[Pod x]: not ready: [main]",
      "[Pod x]: container main exited with 3: Error: the reason",
    ]);
    assert.deepEqual(await (await checked(pod("Pending", "False", "False"))).explain?.(), []);
  });
});

describe("the wait for a DaemonSet", () => {
  it("is for the new pods, whatever its update strategy, and doesn't count those on wrong nodes", async () => {
    const set = (updated: number): JsonObject => ({
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata,
      spec: { updateStrategy: { type: "OnDelete" } },
      status: {
        observedGeneration: 1,
        desiredNumberScheduled: 2,
        currentNumberScheduled: 2,
        updatedNumberScheduled: updated,
        numberAvailable: 2,
        numberReady: 2,
        numberMisscheduled: 1,
      },
    });
    assert.deepEqual([await isReady(set(1)), await isReady(set(2))], [false, true]);
  });
});

describe("the wait for a Service and an Ingress", () => {
  const service: JsonObject = { apiVersion: "v1", kind: "Service", metadata, spec: { selector: { app: "x" } } };
  const slice = (conditions: JsonObject): Record<string, JsonObject[]> => ({
    EndpointSlice: [{ metadata: { name: "x-1", namespace: "n" }, endpoints: [{ conditions }] }],
  });

  it("lasts until nothing more is expected, and a pod that is being deleted doesn't count", async () => {
    assert.equal(await isReady(service, slice({ ready: true }), Date.now()), false);
    assert.equal(await isReady(service, slice({ ready: true }), Date.now() - 10_000), true);
    assert.equal(await isReady(service, slice({ ready: false }), Date.now() - 10_000), false);
    assert.equal(await isReady(service, slice({ ready: false, terminating: true }), Date.now() - 10_000), true);
  });

  it("ends well at the time-out where only that time was missing", async () => {
    assert.equal(await waited(service, () => service, slice({ ready: true })), "ready");
    assert.match(await waited(service, () => service, slice({ ready: false })), /timed out after 0\.5 s/);
  });

  it("is for an Ingress until it has an address and its Services have endpoints", async () => {
    const ingress = (ingress: JsonObject[]): JsonObject => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata,
      spec: { rules: [{ http: { paths: [{ backend: { service: { name: "web" } } }] } }] },
      status: { loadBalancer: { ingress } },
    });
    const there = { Endpoints: [{ metadata: { name: "web", namespace: "n" } }] };
    assert.equal(await isReady(ingress([]), there, Date.now()), false);
    assert.equal(await isReady(ingress([{ ip: "10.0.0.1" }]), {}, Date.now()), false);
    assert.equal(await isReady(ingress([{ ip: "10.0.0.1" }]), there, Date.now()), true);
    assert.equal(await isReady(ingress([{ ip: "10.0.0.1" }]), {}, Date.now() - 10_000), true);
  });
});

describe("a wait that an annotation names", () => {
  const object = (status: JsonObject, waitFor: string): JsonObject => ({
    metadata: { ...metadata, generation: 2, annotations: { "pulumi.com/waitFor": waitFor } },
    status,
  });
  const holds = async (status: JsonObject, waitFor = "condition=ready") => {
    const live = object(status, waitFor);
    return (await customReadiness(live)!({ context: contextOf(() => live), live, created: live, since: 0 })).ready;
  };
  const conditions = [{ type: "Ready", status: "true" }];

  it("takes a condition whatever its case, once its controller has seen the newest change", async () => {
    assert.equal(await holds({ conditions }), true);
    assert.equal(await holds({ conditions, observedGeneration: 1 }), false);
    assert.equal(
      await holds({ conditions: [{ ...conditions[0], observedGeneration: 2 }], observedGeneration: 1 }),
      true,
    );
    assert.equal(await holds({ phase: "Done", observedGeneration: 1 }, "jsonpath={.status.phase}=Done"), false);
    assert.equal(await holds({ phase: "Done", observedGeneration: 2 }, "jsonpath={.status.phase}=Done"), true);
  });
});
