import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { withLeave } from "../../plan/leave";
import type { ClaimPlan } from "../../plan/storage-types";
import { catalogue } from "../../services/catalogue";

const mounts = [{ path: "/qdrant/storage", subPath: "storage" }, { path: "/qdrant/snapshots", subPath: "snapshots" }];
const claim = (kind: "copy" | "fill") => ({ name: "data-2", mounts, move: { job: "data-1-to-2", kind } }) as ClaimPlan;
const spec = (name: string) => catalogue.get(name)!;

describe("how data leaves a running pod", () => {
  it("is said where it has to, and nowhere else", () => {
    assert.equal(withLeave(claim("copy"), spec("redis"), false).move?.leave, undefined);
    assert.equal(withLeave(claim("fill"), spec("redis"), false).move?.leave?.verify, "again");
    assert.equal(withLeave(claim("fill"), { ...spec("redis"), leave: undefined }, false).move?.leave, undefined);
  });

  it("is known for every service, with all directories of the volume", () => {
    for (const [name, service] of catalogue) {
      for (const { mounts } of service.claims) {
        const leave = service.leave?.(mounts);
        assert.equal(leave?.container, name);
        const parts = leave?.streams.map(({ into }) => into);
        assert.deepEqual(parts, leave?.verify === "backup-manifest" ? ["pgdata"] : mounts.map(({ subPath }) => subPath), name);
      }
    }
  });

  it("is a stand-in's own way for a stand-in", () => {
    const leave = withLeave(claim("fill"), spec("qdrant"), true).move?.leave;
    assert.deepEqual(leave?.streams, [
      { exec: ["/stand-in", "archive", "/qdrant/storage"], into: "storage" },
      { exec: ["/stand-in", "archive", "/qdrant/snapshots"], into: "snapshots" },
    ]);
    assert.deepEqual([leave?.begin, leave?.end], [[{ exec: ["/stand-in", "hold", "600"] }], [{ exec: ["/stand-in", "hold", "0"] }]]);
  });

  it("is a script that a shell can read", () => {
    for (const service of catalogue.values()) {
      const { begin, end, mark, streams } = service.leave!(service.claims[0]!.mounts);
      for (const { exec } of [...begin, ...end, ...(mark ? [mark] : []), ...streams]) if (exec[0] === "sh") execFileSync("sh", ["-n", "-c", exec[2]!]);
    }
  });

  it("stops a database's own process, and only that, until it is let go", async () => {
    const { begin, end } = spec("qdrant").leave!(mounts);
    const state = (pid: number) => execFileSync("ps", ["-o", "stat=", "-p", String(pid)]).toString()[0];
    const { copyFileSync, mkdtempSync, rmSync } = await import("node:fs");
    const { spawn } = await import("node:child_process");
    const directory = mkdtempSync("/tmp/leave-");
    // A program of that name, and the script's own names in this directory, so that nothing else here is meant.
    const name = `q${process.pid}`;
    copyFileSync("/bin/sleep", `${directory}/${name}`);
    const [child, other] = [spawn(`${directory}/${name}`, ["60"]), spawn("sleep", ["60"])];
    const run = (script: string) => execFileSync("sh", ["-c", script.replaceAll("= qdrant", `= ${name}`).replaceAll("/tmp/held", `${directory}/held`).replaceAll("sleep 600", "sleep 3")]);
    try {
      await new Promise((later) => setTimeout(later, 200));
      run(begin[0]!.exec[2]!);
      assert.deepEqual([state(child.pid!), state(other.pid!)], ["T", "S"]);
      run(end[0]!.exec[2]!);
      assert.equal(state(child.pid!), "S");
      run(begin[0]!.exec[2]!);
      await new Promise((later) => setTimeout(later, 4500));
      assert.equal(state(child.pid!), "S", "nobody let it go, and it didn't go on by itself");
    } finally {
      child.kill("SIGKILL");
      other.kill();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
