import assert from "node:assert/strict";
import { changesBetween, formatPath, isWithin, parsePath } from "../../../local-cluster/plugins/protocol/diff";
import { Secret, Unknown, type Value } from "../../../local-cluster/plugins/protocol/values";
import { unknownString } from "../../../local-cluster/plugins/protocol/wire";

const found = (before: Value, after: Value): string[] =>
  changesBetween(before, after).map(({ kind, path }) => `${kind} ${formatPath(path)}`);

describe("changes between inputs", () => {
  const cases: [string, Value, Value, string[]][] = [
    ["nothing", { a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } }, []],
    ["a leaf", { a: { b: 1 } }, { a: { b: 2 } }, ["update a.b"]],
    ["an added subtree, once", { a: {} }, { a: { b: { c: 1 } } }, ["add a.b"]],
    ["a removed element", { a: [1, 2] }, { a: [1] }, ["delete a[1]"]],
    ["null for absent", { a: null }, {}, []],
    ["a field set to null", { a: 1 }, { a: null }, ["delete a"]],
    ["another type", { a: "1" }, { a: 1 }, ["update a"]],
    ["only its secrecy", { a: new Secret("x") }, { a: "x" }, []],
    ["a secret's value", { a: new Secret({ p: "x" }) }, { a: new Secret({ p: "y" }) }, ["update a.p"]],
    ["what is unknown yet", { a: "x" }, { a: new Unknown(unknownString) }, ["update a"]],
    ["a key with a dot", { l: { "a.b/c": "1" } }, { l: {} }, ['delete l["a.b/c"]']],
  ];
  for (const [name, before, after, expected] of cases) {
    it(`${name}: ${expected.join(", ") || "no change"}`, () => assert.deepEqual(found(before, after), expected));
  }
});

describe("property paths", () => {
  for (const text of ["spec.containers[0].image", 'metadata.annotations["pulumi.com/skipAwait"]', '["a b"].c']) {
    it(`reads and writes ${text}`, () => assert.equal(formatPath(parsePath(text)), text));
  }

  it("finds what is below a pattern", () => {
    assert.equal(isWithin(["spec", "containers", 3, "image"], parsePath("spec.containers[*]")), true);
    assert.equal(isWithin(["spec", "containers"], parsePath("spec.containers[*]")), false);
    assert.equal(isWithin(["spec", "selectors"], parsePath("spec.selector")), false);
  });
});
