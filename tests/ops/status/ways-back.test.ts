import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { podTrouble } from "../../../ops/status/ways-back";
import { bound, facts, ready, redis } from "./redis";

describe("what isn't as it should be with a service's pods", () => {
  const of = (pods?: V1Pod[], more = {}) => podTrouble(redis, { ...facts([bound], pods).get("redis")!, ...more });
  const pulling = (image: string): V1Pod => ({
    spec: { containers: [{ name: redis.check.container, image }] },
    status: { phase: "Pending" },
  });
  const waits = [{ claim: "redis-data", kind: "deleting" as const, why: "it goes", wayOut: "npm run adopt" }];
  const cases: [what: string, trouble: string | undefined, expected: string | undefined][] = [
    ["nothing where it is ready", of([ready]), undefined],
    [
      "a workload that was deleted",
      of(),
      "no workload: it is not in the cluster; pulumi refresh and then pulumi up make it again",
    ],
    [
      "a workload without pods",
      of([]),
      "no pod: if somebody scaled it to 0, pulumi refresh and then pulumi up give it its pod again",
    ],
    [
      "another image than the last update's",
      of([pulling("nobody.invalid/nothing:9")]),
      `Pending: its pod has the image nobody.invalid/nothing:9, the last update had ${redis.image}; pulumi refresh ` +
        "and then pulumi up put that back",
    ],
    ["no way back where the image is the last update's", of([pulling(redis.image)]), "Pending"],
    ["no way back while a move is under way", of([], { moving: "redis-data-1-to-2" }), "no pod"],
    ["no way back where its data has one of its own", of([], { troubles: waits }), "no pod"],
  ];
  for (const [what, trouble, expected] of cases) it(what, () => assert.equal(trouble, expected));
});
