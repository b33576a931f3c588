import assert from "node:assert/strict";
import { wayOn } from "../../../ops/move/carry-out";

describe("what is left to do after a change that wasn't deployed", () => {
  it("is to go on, or to give up a copy", () => {
    assert.equal(
      wayOn("Pulumi.dev.yaml", "npm start", true),
      "The change stays in Pulumi.dev.yaml: npm start continues it; npm run move -- … --back --as-it-was gives " +
        "the move up.",
    );
  });

  it("is to go on, where nothing was to be copied: growth and a return can't be given up so", () => {
    assert.equal(
      wayOn("Pulumi.dev.yaml", "npm start", false),
      "The change stays in Pulumi.dev.yaml: npm start continues it.",
    );
  });
});
