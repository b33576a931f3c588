import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { backendTypes } from "../../backends/catalogue";
import { planOf, root } from "../stack";

const directory = join(root, "examples");

describe("examples", () => {
  it("are there for every backend", () => assert.deepEqual(readdirSync(directory).sort(), [...backendTypes.keys()]));

  for (const type of readdirSync(directory)) {
    it(`${type} has a plan without fault, warns of missing backups alone, and uses its backend`, () => {
      const text = readFileSync(join(directory, type, `Pulumi.${type}.yaml`), "utf8");
      const { plan, faults, warnings } = planOf(text, type);
      assert.deepEqual(faults, []);
      // Where the backups go is for whoever takes the example.
      const lasting = plan.services.flatMap(({ name, claims }) => (claims.every((each) => each.ephemeral) ? [] : name));
      assert.equal(warnings.length, lasting.length > 0 ? 1 : 0, warnings.join());
      for (const warning of warnings)
        assert.match(
          warning,
          /^\w[\w, -]* (has no backup, and its entry gives|have no backup, and their entries give) /,
        );
      const own = plan.backends.filter((backend) => backend.type === type).map(({ name }) => name);
      assert.ok(plan.services.some(({ claims }) => claims.some(({ backend }) => own.includes(backend ?? ""))));
    });
  }
});
