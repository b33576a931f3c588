import assert from "node:assert/strict";
import { recordAdopted } from "../../ops/adopt/record";
import { describePlan, planAsJson } from "../../ops/adopt/print";
import { dataMounts } from "../../ops/adopt/workloads";
import { readable } from "../../ops/adopt/wanted";
import type { LiveObject, Planned, Verdict } from "../../ops/adopt/types";
import type { Step } from "../../ops/pulumi/preview";
import { workloadsOf } from "../../ops/impact/workloads";
import { live, planned, pod, stack } from "../ops/adopt/objects";
import { marked, plainPart, shownIn } from "./marked";

const [password, argument, init, probe, own] = ["password", "argument", "init", "probe", "own"].map(marked) as [
  string,
  string,
  string,
  string,
  string,
];
const secrets = [password, argument, init, probe, own];

const env = [{ name: "MODE", value: "plain" }];
const workload = planned("Deployment", "redis", { spec: { template: pod({ env, args: ["serve"] }) } });

/** The workload as somebody else made it by `kubectl apply`, with secrets in every place that takes one. */
function foreign(more: Record<string, unknown> = {}, initContainers?: object[]): LiveObject {
  const template = pod({ env, args: ["serve"], ...more });
  const spec = { template: { spec: { ...template.spec, ...(initContainers && { initContainers }) } } };
  const copy = JSON.stringify({ spec });
  return live(workload, {
    spec,
    metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": copy } },
  });
}

const recordOf = (object: LiveObject) => {
  const adopted = { planned: workload, live: object, fieldManager: "pulumi-kubernetes-1" };
  return recordAdopted({ version: 3, deployment: {} }, [workload], [adopted], [], stack).deployment.resources![0]!;
};
const podIn = (recorded: Planned, of: "inputs" | "outputs") => {
  const object = of === "inputs" ? recorded.inputs : (recorded.outputs?.__inputs as object);
  return (object as { spec: { template: { spec: Record<string, unknown> } } }).spec.template.spec;
};

describe("a marked secret in plain text in a workload that is adopted", () => {
  const cases: [string, LiveObject][] = [
    ["a variable", foreign({ env: [...env, { name: "API_URL", value: `https://me:${password}@db` }] })],
    ["another value of the program's own variable", foreign({ env: [{ name: "MODE", value: own }] })],
    ["an argument", foreign({ args: ["serve", argument] })],
    ["a probe", foreign({ livenessProbe: { exec: { command: ["redis-cli", "-a", probe] } } })],
    ["a header", foreign({ livenessProbe: { httpGet: { httpHeaders: [{ name: "Authorization", value: probe }] } } })],
    ["an init container", foreign({}, [{ name: "init", env: [{ name: "KEY", value: init }] }])],
  ];
  for (const [what, object] of cases)
    it(`makes the state keep the containers as a secret, whatever it is called: ${what}`, () => {
      const recorded = recordOf(object);
      assert.deepEqual(shownIn(plainPart(recorded), secrets), []);
      for (const of of ["inputs", "outputs"] as const) {
        const { containers, volumes, initContainers } = podIn(recorded, of);
        // A refresh keeps as a secret what is one here.
        assert.equal(plainPart(containers), "[encrypted]");
        assert.ok(Array.isArray(volumes), "where the data is stays readable");
        if (what === "an init container") assert.equal(plainPart(initContainers), "[encrypted]");
      }
      const { annotations } = recorded.inputs!.metadata as { annotations: unknown };
      assert.equal(plainPart(annotations), "[encrypted]", "kubectl's copy has it too");
    });

  it("leaves a workload readable that says no more than the program", () => {
    const recorded = recordOf(foreign());
    assert.deepEqual(podIn(recorded, "inputs").containers, pod({ env, args: ["serve"] }).spec.containers);
  });

  it("keeps the next commands able to tell where the data is, and what an update does", () => {
    const recorded = recordOf(cases[0]![1]) as Planned;
    assert.deepEqual(dataMounts(recorded), []);
    const steps = [{ op: "update", urn: workload.urn, newState: workload }] as Step<Planned>[];
    assert.deepEqual(readable([recorded], steps), [workload]);
    assert.deepEqual(readable([workload], []), [workload]);
    const before = {
      ...workload,
      inputs: { ...workload.inputs, spec: { template: { spec: { containers: "[secret]" } } } },
    };
    const change = { urn: workload.urn, change: "updated", before, after: workload } as never;
    const paths = { changed: ["spec.template.spec.containers"], replaceReasons: [] };
    assert.deepEqual(
      workloadsOf([{ ...(change as object), ...paths } as never]).map(({ because }) => because),
      [["pod"]],
    );
  });

  it("is in nothing that adopt prints", () => {
    const verdict = {
      urn: workload.urn,
      kind: "Deployment",
      namespace: "data",
      name: "redis",
      found: "1 of 1 pods ready",
    };
    const verdicts = cases.map(([, object]): Verdict => ({ ...verdict, action: "adopt", live: object, notes: [] }));
    const credentials = [{ urn: "a::redis-password", service: "redis", value: password, from: "variable REDIS" }];
    assert.deepEqual(shownIn([describePlan(verdicts, credentials), planAsJson(verdicts, credentials)], secrets), []);
  });
});
