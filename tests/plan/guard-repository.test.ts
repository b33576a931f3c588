import assert from "node:assert/strict";
import { claim, redis, said } from "./guard-fixture";

const claimed = (place: string) =>
  `${redis}\n  cluster-storage:backups: { repository: { ${place}, password: { secure: v1:a } } }`;
const repository = claim({ namespace: "local-ai-backups", name: "backups", service: "backups" });
const rest = 'rest: { url: "https://backup.lan/c" }';

describe("the claim of the backups' repository", () => {
  it("is in the config, though it is no service's", () => {
    assert.deepEqual(said(claimed("claim: { size: 1Gi }"), [claim(), repository]).faults, []);
  });

  it("doesn't go with the config's line", () => {
    assert.deepEqual(said(claimed(rest), [claim(), repository]).faults, [
      "backups.repository.claim: is gone from the config, but its claim backups in namespace local-ai-backups has " +
        "the backups; leave it in, or copy its points to the new place first (docs/backups.md), update once with " +
        "protect: false, and then take it out",
    ]);
  });

  it("goes where its protection was given up, with a warning", () => {
    const { faults, warnings } = said(claimed(rest), [claim(), { ...repository, unprotected: true }]);
    assert.deepEqual(faults, []);
    assert.ok(
      warnings.includes(
        "claim backups in namespace local-ai-backups is deleted with its data, because protect was false",
      ),
      warnings.join("\n"),
    );
  });

  for (const unprotected of [false, true])
    it(`isn't made anew on another class, ${unprotected ? "un" : ""}protected`, () => {
      const there = { ...repository, className: "local-path", unprotected };
      assert.deepEqual(said(claimed("claim: { size: 1Gi, backend: fast }"), [claim(), there]).faults, [
        "backups.repository.claim: claim backups in namespace local-ai-backups has the backups on class " +
          `"local-path", and a claim's class can't be changed; undo the change, or copy its points to another ` +
          "place first (docs/backups.md)",
      ]);
      assert.deepEqual(said(claimed("claim: { size: 1Gi, backend: local-path }"), [claim(), there]).faults, []);
    });

  it("isn't taken from another stack", () => {
    const there = { ...repository, stack: "cluster-storage/other" };
    assert.deepEqual(said(claimed("claim: { size: 1Gi }"), [claim(), there]).faults, [
      "backups.namespace: claim backups is in namespace local-ai-backups already and belongs to stack " +
        "cluster-storage/other; name another",
    ]);
  });

  it("is named with the others' by the stack's earlier name", () => {
    const earlier = { stack: "cluster-storage/earlier" };
    const own = claim({ ...earlier, uid: "1" });
    const known = { "local-ai-system/redis-data": "1" };
    const { faults } = said(claimed("claim: { size: 1Gi }"), [own, { ...repository, ...earlier }], { known });
    assert.equal(faults.length, 1);
    assert.match(faults[0]!, /^services: claim redis-data .* bears the mark of stack cluster-storage\/earlier/);
  });
});
