import assert from "node:assert/strict";
import { Ground } from "./shell";

describe("a directory on a node", () => {
  const ground = new Ground(["/only-here"]);
  after(() => ground.remove());

  it("may be below one that the node doesn't have at its root either", () => {
    const variables = { path: "/no-such-directory/local-path", mode: "", owner: "" };
    assert.deepEqual(ground.look({ kind: "directory", variables }), {
      state: "anew",
      words: "/no-such-directory/local-path is not there",
    });
  });
});
