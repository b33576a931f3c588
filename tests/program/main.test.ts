import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

const main = resolve(__dirname, "../../main.cjs");

describe("the program's process", () => {
  it("ends when nobody reads what it prints any more, as after a killed engine", async () => {
    const script = `require(${JSON.stringify(main)}); process.on("uncaughtException", () => console.error("again")); setInterval(() => console.error("line"), 20);`;
    const child = spawn(process.execPath, ["--eval", script], { stdio: ["ignore", "ignore", "pipe"] });
    try {
      await once(child.stderr, "data");
      child.stderr.destroy();
      const [code] = (await once(child, "exit", { signal: AbortSignal.timeout(10_000) })) as [number | null];
      assert.equal(code, 1);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
