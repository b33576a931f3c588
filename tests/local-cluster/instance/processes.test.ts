import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import {
  allProcesses,
  beganAt,
  end,
  ended,
  isAlive,
  parseStat,
  readProcess,
  signal,
  waitFor,
} from "../../../local-cluster/instance/processes";

describe("processes", function () {
  before(function () {
    if (process.platform !== "linux") this.skip();
  });

  it("reads a name that has spaces and parentheses", () => {
    const line = "12 (x) (y) S 3 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 222 23";
    assert.deepEqual(parseStat(line), { state: "S", parent: 3, startTime: "222" });
  });

  it("finds this process with its parent and arguments", () => {
    const own = readProcess(process.pid)!;
    assert.equal(own.parent, process.ppid);
    assert.equal(own.command[0], process.argv0);
    assert.ok(allProcesses().some(({ pid }) => pid === process.pid));
  });

  it("knows when a process began, to the second", () => {
    const began = beganAt({ pid: 7, startTime: "12345" }, "cpu 1 2\nbtime 1700000000\nprocesses 5\n");
    assert.equal(began.toISOString(), new Date((1_700_000_000 + 123) * 1000).toISOString());
    const own = beganAt(readProcess(process.pid)!).getTime();
    assert.ok(Math.abs(own - (Date.now() - process.uptime() * 1000)) < 3000);
  });

  it("never signals a process that was given the number of an earlier one", async () => {
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    const known = readProcess(child.pid!)!;
    const earlier = { pid: known.pid, startTime: String(Number(known.startTime) - 1) };
    assert.equal(isAlive(earlier), false);
    signal(earlier, "SIGKILL");
    assert.equal(await ended(known, 0.2), false);
    await end(known, 5);
    assert.equal(isAlive(known), false);
    signal(known, "SIGKILL");
  });

  it("kills what ignores SIGTERM", async () => {
    const child = spawn("sh", ["-c", 'trap "" TERM; echo ready; while :; do sleep 0.1; done'], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(child.stdout, "data");
    const gone = once(child, "exit");
    await end(readProcess(child.pid!)!, 0.2);
    assert.deepEqual(await gone, [null, "SIGKILL"]);
  });

  it("takes a zombie for ended", async () => {
    // It ends after the shell has become `sleep`, which waits for no child: a shell would, if it ended before.
    const script = "sleep 0.5 & echo $!; exec sleep 60";
    const parent = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] });
    const pid = Number((await once(parent.stdout, "data"))[0]);
    assert.ok(await waitFor(5, () => readProcess(pid) === undefined));
    assert.ok(existsSync(`/proc/${pid}`));
    parent.kill("SIGKILL");
  });
});
