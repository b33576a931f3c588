import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { certificatesOf } from "../../../ops/status/certificates";
import type { ServiceFacts } from "../../../ops/status/rows";
import { validity } from "../../../plan/certificates";

const now = new Date("2027-03-01T12:00:00Z");
const day = 24 * 3600 * 1000;
const facts = (ends?: Date) =>
  new Map<string, ServiceFacts>([
    [
      "redis",
      {
        claims: new Map(),
        pods: [
          { metadata: { annotations: ends && { "cluster-storage/certificate-ends": ends.toISOString() } } } as V1Pod,
        ],
      },
    ],
  ]);
const said = (days: number) => certificatesOf(facts(new Date(now.getTime() + days * day)), now);

describe("what status says of certificates", () => {
  it("is nothing where there is none, and where an update would not renew it", () => {
    assert.deepEqual(certificatesOf(facts(), now), []);
    assert.deepEqual(certificatesOf(new Map([["redis", { claims: new Map(), pods: undefined }]]), now), []);
    assert.deepEqual(said(180), []);
    assert.deepEqual(certificatesOf(facts(validity("server", now).notAfter), now), []);
  });

  it("is when one ends that the next update renews", () => {
    assert.deepEqual(said(179), [
      "redis: its certificate ends on 2027-08-27; the next update renews it and restarts the service: pulumi up",
    ]);
  });

  it("is that clients refuse one that has ended", () => {
    assert.deepEqual(said(-1), [
      "redis: its certificate ended on 2027-02-28, so clients refuse it; the next update renews it and restarts the " +
        "service: pulumi up",
    ]);
  });
});
