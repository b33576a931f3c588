import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { backendTypes } from "../../backends/catalogue";
import { planOf, root } from "../stack";

const directory = join(root, "examples");

describe("examples", () => {
  it("are there for every backend", () => assert.deepEqual(readdirSync(directory).sort(), [...backendTypes.keys()]));

  for (const type of readdirSync(directory)) {
    it(`${type} has a plan without fault or warning, and uses its backend`, () => {
      const text = readFileSync(join(directory, type, `Pulumi.${type}.yaml`), "utf8");
      const { plan, faults, warnings } = planOf(text, type);
      assert.deepEqual([faults, warnings], [[], []]);
      const own = plan.backends.filter((backend) => backend.type === type).map(({ name }) => name);
      assert.ok(plan.services.some(({ claims }) => claims.some(({ backend }) => own.includes(backend ?? ""))));
    });
  }
});
