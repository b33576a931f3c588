import assert from "node:assert/strict";
import { cronFault } from "../../config/cron";

describe("a schedule", () => {
  for (const right of [
    "0 2 * * *",
    "*/15 0-5 1,15 jan-MAR mon",
    "5/10 * ? * 0",
    "59 23 31 12 6",
    "0  3 * * sun-sat",
    "1-5/2 * * * *",
  ])
    it(`takes ${right}`, () => assert.equal(cronFault(right), undefined));

  for (const [wrong, part] of [
    ["60 2 * * *", '"60" as minute; it goes from 0 to 59'],
    ["0 24 * * *", '"24" as hour; it goes from 0 to 23'],
    ["0 0 0 * *", '"0" as day of the month; it goes from 1 to 31'],
    ["0 0 * 13 *", '"13" as month; it goes from 1 to 12'],
    // Other crons take 7 for Sunday; Kubernetes doesn't.
    ["0 0 * * 7", '"7" as day of the week; it goes from 0 to 6'],
    ["*/0 * * * *", '"*/0" as minute; it goes from 0 to 59'],
    ["5-1 * * * *", '"5-1" as minute; it goes from 0 to 59'],
    ["1, * * * *", "an empty minute; it goes from 0 to 59"],
    ["*-5 * * * *", '"*-5" as minute; it goes from 0 to 59'],
    ["0 0 * * monday", '"monday" as day of the week; it goes from 0 to 6'],
  ] as const)
    it(`refuses ${wrong}`, () => assert.equal(cronFault(wrong), `"${wrong}" has ${part}, as *, 5, 1-5, 1,5 or */5`));

  for (const wrong of ["daily", "0 2 * *", "0 2 * * * *", "@daily", ""])
    it(`refuses "${wrong}", which has not five fields`, () =>
      assert.equal(
        cronFault(wrong),
        `"${wrong}" is not a schedule; write cron's five fields, for instance "0 3 * * *"`,
      ));
});
