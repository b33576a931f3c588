import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { PreflightFacts } from "../../model/preflight-facts";
import { checkBeforeUpdate } from "../../preflight/before-update";
import { known } from "../../known";
import { stack } from "./cluster";

const config = { backends: new Map(), preflight: { skip: [], probeImage: "busybox" } };

describe("the checks before an update", () => {
  const { plan } = stack({ made: { type: "ephemeral", allowDataLoss: "a demo" } }, { redis: { size: "2Gi" } });

  it("let an adopting update go on where the cluster couldn't be read, without a stray failure", async () => {
    const stray: unknown[] = [];
    const note = (reason: unknown) => stray.push(reason);
    process.on("unhandledRejection", note);
    const reading = Promise.reject(new Error("no rights"));
    reading.catch(() => undefined);
    await checkBeforeUpdate({ ...plan, adopting: true }, config, [], reading, known, (facts) => facts);
    await nextTurn();
    process.off("unhandledRejection", note);
    assert.deepEqual(stray, []);
  });

  it("judge what was read as it will be", async () => {
    const read = { nodes: [] } as unknown as PreflightFacts;
    const seen: PreflightFacts[] = [];
    const foresee = (facts: PreflightFacts): PreflightFacts => {
      seen.push(facts);
      throw new Error("enough");
    };
    await assert.rejects(checkBeforeUpdate(plan, config, [], Promise.resolve(read), known, foresee), {
      message: "enough",
    });
    assert.deepEqual(seen, [read]);
  });
});
