import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { ClaimPlan } from "../../model/storage";
import { planOf, root } from "../stack";

/** Each fixture by its rule: the config, and what has to come of it. */
function fixtures(kind: "valid" | "invalid"): { rule: string; text: string }[] {
  const directory = join(root, "tests", "fixtures", kind);
  return readdirSync(directory).map((file) => ({
    rule: file.replace(/\.yaml$/, ""),
    text: readFileSync(join(directory, file), "utf8"),
  }));
}

const describeClaim = ({ namespace, name, size, accessMode, className, protect }: ClaimPlan) =>
  `${namespace}/${name} ${size} ${accessMode} ` +
  `${className === undefined ? "default class" : className || "static"}${protect ? " protected" : ""}`;

describe("stack config", () => {
  describe("that is wrong is refused with exactly these words", () => {
    for (const { rule, text } of fixtures("invalid")) {
      it(rule, () => {
        const { faults: expected } = parse(text) as { faults: string[] };
        assert.ok(expected.length > 0, "a fixture without a fault proves nothing");
        assert.deepEqual(
          planOf(text).faults.map(({ path, message }) => `${path}: ${message}`),
          expected,
        );
      });
    }
  });

  describe("that is right leads to these claims", () => {
    for (const { rule, text } of fixtures("valid")) {
      it(rule, () => {
        const { claims: expected } = parse(text) as { claims: string[] };
        const { plan, faults } = planOf(text);
        assert.deepEqual(faults, []);
        assert.deepEqual(plan.services.flatMap(({ claims }) => claims).map(describeClaim), expected);
      });
    }
  });
});
