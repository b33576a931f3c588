import assert from "node:assert/strict";
import { randomText } from "../../../local-cluster/plugins/random/characters";
import { randomProvider } from "../../../local-cluster/plugins/random/provider";
import { Secret, Unknown, type Properties } from "../../../local-cluster/plugins/protocol/values";

const rules = {
  length: 12,
  lower: true,
  upper: true,
  numeric: true,
  special: false,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
  overrideSpecial: "",
};
const urn = (token: string): string => `urn:pulumi:s::p::random:index/${token}::x`;
const passwordUrn = urn("randomPassword:RandomPassword");
const provider = randomProvider("1.0.0");
const create = (token: string, inputs: Properties, preview = false) =>
  provider.create({ urn: urn(token), inputs, timeout: 0, preview });

describe("random text", () => {
  it("has the length and only the wanted characters", () => {
    for (let round = 0; round < 50; round++) assert.match(randomText(rules), /^[A-Za-z0-9]{12}$/);
  });

  it("has at least the minimum of each class", () => {
    const text = randomText({
      ...rules,
      lower: false,
      upper: false,
      special: true,
      minNumeric: 5,
      minSpecial: 7,
      overrideSpecial: "_",
    });
    assert.equal(text.replaceAll("_", "").length, 5);
  });

  it("refuses rules that can't be met", () => {
    assert.throws(
      () => randomText({ ...rules, length: 3, minLower: 4 }),
      new Error("length 3 is less than the 4 characters that the minimums ask for"),
    );
    assert.throws(() => randomText({ ...rules, length: 0 }), new Error("length must be a whole number above 0, not 0"));
    assert.throws(
      () => randomText({ ...rules, lower: false, upper: false, numeric: false }),
      new Error("no characters to choose from: lower, upper, numeric and special are all false"),
    );
  });
});

describe("random resources", () => {
  it("a password is secret, and unknown in preview", async () => {
    const { id, outputs } = await create("randomPassword:RandomPassword", { length: 8 });
    assert.equal(id, "none");
    assert.ok(outputs.result instanceof Secret);
    assert.match(String(outputs.result.value), /^.{8}$/);
    assert.ok((await create("randomPassword:RandomPassword", { length: 8 }, true)).outputs.result instanceof Unknown);
  });

  it("an ID says the same in every form", async () => {
    const { id, outputs } = await create("randomId:RandomId", { byteLength: 4, prefix: "p-" });
    const hex = Buffer.from(id, "base64url").toString("hex");
    assert.equal(outputs.hex, `p-${hex}`);
    assert.equal(outputs.dec, `p-${parseInt(hex, 16)}`);
  });

  it("an integer is within its limits, both included", async () => {
    const { outputs } = await create("randomInteger:RandomInteger", { min: 5, max: 5 });
    assert.equal(outputs.result, 5);
  });

  it("writing out a default is no change, anything else replaces", async () => {
    const diff = (news: Properties) =>
      provider.diff({ id: "none", urn: passwordUrn, olds: {}, oldInputs: { length: 8 }, news, ignoreChanges: [] });
    assert.deepEqual((await diff({ length: 8, special: true })).changes, []);
    assert.deepEqual((await diff({ length: 9 })).changes, [{ path: ["length"], kind: "update", replace: true }]);
    assert.deepEqual((await diff({ length: 8, keepers: { a: "1" } })).changes, [
      { path: ["keepers"], kind: "add", replace: true },
    ]);
  });

  it("a missing argument is named", async () => {
    const { failures } = await provider.check({ urn: passwordUrn, olds: {}, news: {}, randomSeed: new Uint8Array() });
    assert.deepEqual(failures, [{ property: "length", reason: '"length" is required' }]);
  });

  it("what is not there is named", async () => {
    await assert.rejects(
      create("randomPet:RandomPet", {}),
      new Error(
        "random:index/randomPet:RandomPet is not supported by the stand-in random plugin of the local " +
          "cluster; the official plugin has it",
      ),
    );
  });
});
