import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { suites, type Suite } from "../suites";
import { chosen, labelOf, lanesFor, schedule } from "./schedule";
import { root } from "./suite";

const labels = (lanes: Suite[][][]) => lanes.map((stage) => stage.map((lane) => lane.map(labelOf)));

describe("which suites run when", () => {
  it("all of them: what needs no cluster first, in two lanes each", () => {
    assert.deepEqual(labels(schedule(chosen(suites, undefined), 2)), [
      [["typecheck", "lint", "unit-around", "programs"], ["unit-program"]],
      [["manifests", "workflows", "backups", "contract", "e2e-shared"], ["e2e-apart"]],
    ]);
  });

  it("on a machine for one lane: the same ones after each other", () => {
    assert.deepEqual(labels(schedule(suites, 1)), [
      [["typecheck", "lint", "unit-around", "unit-program", "programs"]],
      [["manifests", "workflows", "backups", "contract", "e2e-shared", "e2e-apart"]],
    ]);
  });

  it("by name, a part by its own, each once", () => {
    const names = (...wanted: string[]) => labels(schedule(chosen(suites, wanted), 2));
    assert.deepEqual(names("e2e"), [[["e2e-shared"], ["e2e-apart"]]]);
    assert.deepEqual(names("e2e-apart", "e2e-apart"), [[["e2e-apart"]]]);
    assert.deepEqual(names("contract", "unit"), [[["unit-around"], ["unit-program"]], [["contract"]]]);
  });

  it("names those that there are when there is no such one", () => {
    assert.throws(() => chosen(suites, ["unit", "e2e-no"]), {
      name: "RangeError",
      message:
        'no suite "e2e-no"; there are: typecheck, lint, unit, unit-around, unit-program, programs, manifests, ' +
        "workflows, backups, contract, e2e, e2e-shared, e2e-apart",
    });
  });

  it("every test file is in one suite, but the first one of both clusters", () => {
    const found = suites.flatMap(({ mocha = [] }) => [
      ...new Set(mocha.flatMap((glob) => globSync(glob, { cwd: root }))),
    ]);
    const twice = found.filter((file, index) => found.indexOf(file) !== index);
    assert.deepEqual(twice, ["tests/e2e/stack.test.ts"]);
    // By commands of their own, every night: npm run test:real, test:restores and test:rustic.
    const nightly = globSync(["tests/e2e/{real,restores}/*.test.ts", "tests/second-reader/*.test.ts"], { cwd: root });
    assert.deepEqual([...new Set(found), ...nightly].sort(), globSync("tests/**/*.test.ts", { cwd: root }).sort());
  });

  it("every glob of a suite finds a file, so that none is left behind by a rename", () => {
    const globs = suites.flatMap(({ mocha = [] }) => mocha);
    assert.deepEqual(
      globs.filter((glob) => globSync(glob, { cwd: root }).length === 0),
      [],
    );
  });
});

describe("how many lanes a machine is fit for", () => {
  const small = { cores: 2, memory: 8 * 2 ** 30 };
  const large = { cores: 2, memory: 16 * 2 ** 30 };

  it("two, where each has a core and room for a cluster", () => {
    assert.equal(lanesFor(large), 2);
    assert.equal(lanesFor({ ...large, cores: 1 }), 1);
    assert.equal(lanesFor(small), 1);
  });

  it("as many as the environment says", () => {
    assert.equal(lanesFor(large, "1"), 1);
    assert.equal(lanesFor(small, "2"), 2);
    assert.equal(lanesFor(large, "many"), 2);
  });
});
