import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { goldenFile, goldenText, veleroText, withVelero } from "./golden-plan";
import { provisionersFile, provisionersText } from "./policy/provisioners-text";
import { committedStacks, planOf } from "./stack";

/**
 * `npm run golden`: rewrites the golden plan of every committed stack, and the table that the policies have of the
 * backends. Tests compare them; nothing else writes them.
 */
for (const [stack, yaml] of committedStacks()) {
  const { plan, faults } = planOf(yaml, stack);
  if (faults.length > 0) throw new Error(faults.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  mkdirSync(dirname(goldenFile(stack)), { recursive: true });
  writeFileSync(goldenFile(stack), goldenText(plan));
  process.stdout.write(`wrote ${goldenFile(stack)}\n`);
}
const velero = goldenFile("velero");
writeFileSync(velero, veleroText(planOf(withVelero(committedStacks().get("dev")!)).plan));
process.stdout.write(`wrote ${velero}\n`);
writeFileSync(provisionersFile, provisionersText());
process.stdout.write(`wrote ${provisionersFile}\n`);
