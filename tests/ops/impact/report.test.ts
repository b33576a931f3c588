import assert from "node:assert/strict";
import { impactText } from "../../../ops/impact/print";
import { impactOfRecording } from "./recorded";
import { recorded } from "./report-texts";

/** Which recorded changes may be merged without asking, and which may not. */
const results: Record<string, string> = {
  unchanged: "safe",
  grown: "safe",
  move: "safe",
  added: "safe",
  image: "safe",
  unprotected: "at-risk",
  deleted: "at-risk",
  renamed: "at-risk",
  "grow-refused": "at-risk",
  "service-removed": "at-risk",
  "delete-refused": "at-risk",
  "rename-refused": "at-risk",
  quota: "refused",
};

describe("the data impact of a recorded preview", () => {
  for (const [name, text] of Object.entries(recorded)) {
    it(`is told whole: ${name}`, () => assert.equal(impactText(impactOfRecording(name)), text.slice(1)));
    it(`is judged: ${name}`, () => assert.equal(impactOfRecording(name).result, results[name]));
  }
});
