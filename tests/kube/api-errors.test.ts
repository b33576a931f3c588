import assert from "node:assert/strict";
import { ApiException, KubeConfig } from "@kubernetes/client-node";
import { describeApiError, failureOf } from "../../kube/client";

const exception = (code: number, body: unknown) => new ApiException(code, "Unknown API Status Code!", body, {});
const kube = { context: "here", config: new KubeConfig() };

describe("an answer of the API server that is no success, in a report", () => {
  it("is its status and the reason that it gives, read already or as text", () => {
    const status = { kind: "Status", message: "etcdserver: request timed out" };
    for (const body of [status, JSON.stringify(status)])
      assert.equal(failureOf(exception(500, body)), "the API server answered 500: etcdserver: request timed out");
  });

  it("is the beginning of what comes from a proxy or a server that gave up", () => {
    const body = `${"x".repeat(300)}\n<html>`;
    assert.equal(failureOf(exception(504, body)), `the API server answered 504: ${"x".repeat(200)}`);
    assert.equal(failureOf(exception(502, "")), "the API server answered 502: no reason");
    assert.equal(failureOf(exception(502, undefined)), "the API server answered 502: no reason");
  });

  it("is another error's message", () => {
    assert.equal(failureOf(new Error("the pod is gone")), "the pod is gone");
    assert.equal(failureOf("gone"), "gone");
  });

  it("names what was done in which context, and is no stack trace", () => {
    const described = describeApiError(exception(504, "GatewayTimeout"), kube, "reading the services' state") as Error;
    assert.equal(described.name, "UserError");
    assert.equal(
      described.message,
      'reading the services\' state in context "here": the API server answered 504: GatewayTimeout',
    );
  });
});
