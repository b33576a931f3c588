import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { UserError } from "../../../model/user-error";
import { describeFailure } from "../../../ops/terminal/main";
import { didYouMean, nearest } from "../../../model/nearest";

describe("describeFailure", () => {
  it("prints a user's mistake as it is", () => {
    assert.equal(describeFailure(new UserError("no such context"), undefined), "no such context");
  });

  it("prints an unexpected error in one line and keeps its detail in a file", async () => {
    const printed = describeFailure(new Error("boom\nsecond line"), undefined);
    const file = /^unexpected error: boom \(detail in (\S+); DEBUG=1 shows it here\)$/.exec(printed)?.[1];
    assert.ok(file, printed);
    assert.match(await readFile(file, "utf8"), /^Error: boom\nsecond line\n\s+at /);
    await rm(file);
  });

  it("shows the stack where it was asked for", () => {
    assert.match(describeFailure(new Error("boom"), "1"), /^Error: boom\n\s+at /);
  });

  it("takes a prompt that was left for a no", () => {
    const left = Object.assign(new Error("User force closed the prompt"), { name: "ExitPromptError" });
    assert.equal(describeFailure(left, undefined), "nothing was changed");
  });
});

describe("nearest", () => {
  it("finds what was meant, best first", () => {
    assert.deepEqual(nearest("minikbue", ["kind", "minikube", "minikube-2"], 3), ["minikube", "minikube-2"]);
    assert.deepEqual(nearest("prod", ["admin@prod-eu", "dev"]), ["admin@prod-eu"]);
  });
  it("doesn't guess wildly", () => {
    assert.deepEqual(nearest("zzz", ["redis", "postgres"]), []);
    assert.equal(didYouMean("zzz", ["redis"]), "");
  });
});
