import assert from "node:assert/strict";
import { readArguments } from "../../../ops/terminal/args";

const kinds = { json: true, stack: "NAME" } as const;
const refusal = (argv: string[], operands?: string) => {
  try {
    readArguments(argv, kinds, operands);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return "accepted";
};

describe("readArguments", () => {
  it("reads switches, values and operands in any order", () => {
    assert.deepEqual(readArguments(["redis", "--json", "--stack", "prod", "n8n"], kinds, "SERVICE"), {
      options: { json: true, stack: "prod" },
      operands: ["redis", "n8n"],
    });
  });

  it("reads --option=value", () => {
    assert.deepEqual(readArguments(["--stack=prod"], kinds).options, { stack: "prod" });
  });

  it("collects an option that may be given several times", () => {
    assert.deepEqual(readArguments(["--stack", "dev", "--stack=prod"], { stack: ["NAME"] }).options, {
      stack: ["dev", "prod"],
    });
    assert.deepEqual(readArguments(["--stack", "dev"], { stack: ["NAME"] }).options, { stack: ["dev"] });
    assert.throws(() => readArguments(["--stack"], { stack: ["NAME"] }), {
      message: "--stack needs a value: --stack NAME",
    });
  });

  it("leaves out what wasn't given", () => {
    assert.deepEqual(readArguments([], kinds), { options: {}, operands: [] });
  });

  it("names the nearest option for one that it doesn't know", () => {
    assert.equal(
      refusal(["--jsn"]),
      'UserError: unknown option --jsn (did you mean "--json"?); known: --json, --stack NAME',
    );
  });

  it("lists the options where none is near", () => {
    assert.equal(refusal(["--frobnicate"]), "UserError: unknown option --frobnicate; known: --json, --stack NAME");
  });

  it("refuses a short option, which nobody promised", () => {
    assert.match(refusal(["-x"]), /^UserError: unknown option -x/);
  });

  it("doesn't take a property of every object for an option", () => {
    assert.match(refusal(["--constructor"]), /^UserError: unknown option --constructor/);
  });

  it("asks for a missing value, also where another option follows", () => {
    assert.equal(refusal(["--stack"]), "UserError: --stack needs a value: --stack NAME");
    assert.equal(refusal(["--stack", "--json"]), "UserError: --stack needs a value: --stack NAME");
    assert.equal(refusal(["--stack="]), "UserError: --stack needs a value: --stack NAME");
  });

  it("refuses a value for a switch", () => {
    assert.equal(refusal(["--json=yes"]), "UserError: --json takes no value");
  });

  it("refuses operands where there are none", () => {
    assert.equal(refusal(["redis"]), 'UserError: unexpected argument "redis"; known: --json, --stack NAME');
  });
});
