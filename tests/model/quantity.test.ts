import assert from "node:assert/strict";
import { amount, canonical } from "../../model/quantity";
import { answered } from "./quantities";

describe("a quantity as the API server writes it", () => {
  for (const [written, said] of Object.entries(answered))
    it(`${written} is ${said}`, () => {
      assert.equal(canonical(written), said);
      assert.ok(amount(said) >= amount(written) * (1 - 1e-12) && amount(said) - amount(written) < 0.001);
      assert.equal(canonical(said), said);
    });
  it("leaves alone what it doesn't know", () => {
    for (const text of ["", "1e3", "ten", "1Gb", "."]) assert.equal(canonical(text), text);
  });
  it("keeps a sign, and leaves out a zero before the number", () => {
    assert.equal(canonical("-1.5Gi"), "-1536Mi");
    assert.equal(canonical("01Gi"), "1Gi");
  });
});
