import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

const main = resolve(__dirname, "../../main.cjs");

describe("the program's process", () => {
  it("ends when nobody reads what it prints any more, as after a killed engine", async () => {
    const script =
      `require(${JSON.stringify(main)}); process.on("uncaughtException", () => console.error("again")); ` +
      `setInterval(() => console.error("line"), 20);`;
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

  it("loads the SDK's compiler and npm's resolver only when something of them is asked for", () => {
    const script = `
      require(${JSON.stringify(resolve(__dirname, "../../start.cjs"))});
      const pulumi = require("@pulumi/pulumi");
      const seldomUsed = ["typescript/lib/typescript.js", "@npmcli/arborist/lib/index.js"];
      const isLoaded = (file) => Object.keys(require.cache).some((path) => path.endsWith(file));
      const loaded = () => seldomUsed.map(isLoaded);
      const before = loaded();
      const one = 1;
      pulumi.runtime.serializeFunction(() => one).then(async ({ text }) => {
        await pulumi.runtime.computeCodePaths();
        console.log(JSON.stringify({ before, after: loaded(), text: /=> one/.test(text) }));
      });`;
    const printed = execFileSync(process.execPath, ["--eval", script], {
      cwd: resolve(__dirname, "../.."),
      encoding: "utf8",
    });
    assert.deepEqual(JSON.parse(printed), { before: [false, false], after: [true, true], text: true });
  });
});
