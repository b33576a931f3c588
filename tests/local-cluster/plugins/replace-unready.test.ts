import assert from "node:assert/strict";
import { ApiError, Unreachable } from "../../../local-cluster/plugins/kubernetes/client";
import type { Context } from "../../../local-cluster/plugins/kubernetes/context";
import { diff } from "../../../local-cluster/plugins/kubernetes/diff";
import { diffResponse } from "../../../local-cluster/plugins/protocol/answers";
import type { JsonObject, Properties } from "../../../local-cluster/plugins/protocol/values";

const because = '.metadata.annotations["pulumi.com/replaceUnready"]';
const status = (type: string): JsonObject => ({ status: { conditions: [{ type, status: "True" }] } });

function inputs(kind: string, annotation?: string): Properties {
  const annotations: Properties = annotation === undefined ? {} : { "pulumi.com/replaceUnready": annotation };
  return {
    apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
    kind,
    metadata: { name: "x", namespace: "n", annotations },
  };
}

describe("replaceUnready", () => {
  let warnings: string[];
  beforeEach(() => (warnings = []));

  async function outcome(declared: Properties, get: () => Promise<JsonObject>) {
    const context = {
      settings: {},
      cluster: { get },
      warnOnce: (text: string) => warnings.push(text),
    } as unknown as Context;
    return diff(
      {
        id: "n/x",
        urn: `urn:pulumi:s::p::kubernetes:${String(declared.apiVersion)}:${String(declared.kind)}::x`,
        olds: { metadata: { name: "x", namespace: "n" }, __inputs: declared },
        oldInputs: {},
        news: declared,
        ignoreChanges: [],
      },
      context,
    );
  }
  const unasked = async (): Promise<JsonObject> => {
    throw new Error("the cluster was asked");
  };

  for (const [about, live] of [
    ["failed", status("Failed")],
    ["still runs", { status: { active: 1 } }],
    ["is suspended", status("Suspended")],
  ] as const) {
    it(`replaces a Job that ${about}, after its deletion`, async () => {
      const result = await outcome(inputs("Job", "true"), async () => live);
      assert.deepEqual(result, { changes: [], replaceReasons: [because], deleteBeforeReplace: true });
      const response = diffResponse(result);
      assert.equal(response.getChanges(), 2); // DIFF_SOME
      assert.deepEqual(response.getReplacesList(), [because]);
    });
  }

  it("leaves a complete Job", async () => {
    const result = await outcome(inputs("Job", "true"), async () => status("Complete"));
    assert.deepEqual(result, { changes: [], replaceReasons: [], deleteBeforeReplace: false });
    assert.equal(diffResponse(result).getChanges(), 1); // DIFF_NONE
  });

  it("doesn't look where nobody asked for it", async () => {
    for (const value of [undefined, "false"])
      assert.deepEqual((await outcome(inputs("Job", value), unasked)).replaceReasons, []);
    assert.deepEqual(warnings, []);
  });

  it("is for Jobs only, and says so", async () => {
    assert.deepEqual((await outcome(inputs("Deployment", "true"), unasked)).replaceReasons, []);
    assert.deepEqual(warnings, [
      "pulumi.com/replaceUnready: only a Job is replaced when it isn't ready, not a Deployment",
    ]);
  });

  it("leaves a Job that is gone to the refresh", async () => {
    const result = await outcome(inputs("Job", "true"), async () => {
      throw new ApiError(404, "not found", "NotFound", {});
    });
    assert.deepEqual([result.replaceReasons, warnings], [[], []]);
  });

  it("says that it could not look", async () => {
    const result = await outcome(inputs("Job", "true"), async () => {
      throw new Unreachable("no answer");
    });
    assert.deepEqual(result.replaceReasons, []);
    assert.deepEqual(warnings, ["no answer: whether a Job has to be replaced was not looked at"]);
  });
});
