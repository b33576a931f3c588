import assert from "node:assert/strict";
import { RandomBytes, RandomId, RandomPassword, RandomString } from "@pulumi/random";
import { useStack, type Program } from "./stack";

describe("random values", () => {
  const stack = useStack();
  const declare =
    (keeper: string): Program =>
    () => {
      const keepers = { keeper };
      return {
        password: new RandomPassword("password", { length: 32, minNumeric: 5, overrideSpecial: "_", keepers }).result,
        text: new RandomString("text", { length: 8, upper: false, special: false, keepers }).result,
        id: new RandomId("id", { byteLength: 8, keepers }).hex,
        bytes: new RandomBytes("bytes", { length: 16, keepers }).base64,
      };
    };
  let first: Record<string, string>;

  const draw = async (keeper: string): Promise<Record<string, string>> => {
    const { outputs } = await stack().up(declare(keeper));
    return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, String(value)]));
  };

  it("have the form that was asked for", async () => {
    first = await draw("1");
    assert.match(first.password, /^[A-Za-z0-9_]{32}$/);
    assert.ok(first.password.replaceAll(/\D/g, "").length >= 5);
    assert.match(first.text, /^[a-z0-9]{8}$/);
    assert.match(first.id, /^[0-9a-f]{16}$/);
    assert.equal(Buffer.from(first.bytes, "base64").length, 16);
  });

  it("stay", async () => assert.deepEqual(await draw("1"), first));

  it("and stay through a refresh", async () => {
    await stack().refresh(declare("1"));
    assert.deepEqual(await draw("1"), first);
  });

  it("are secret where they are made for it", async () => {
    const { outputs } = await stack().up(declare("1"));
    assert.deepEqual([outputs.password.secret, outputs.bytes.secret, outputs.id.secret], [true, true, false]);
    assert.equal((await stack().stateText()).includes(first.password), false);
  });

  it("are drawn anew when a keeper changes", async () => {
    const second = await draw("2");
    for (const key of Object.keys(first)) assert.notEqual(second[key], first[key], key);
  });
});
