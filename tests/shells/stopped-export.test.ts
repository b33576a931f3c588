import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Exec } from "../../model/export-recipe";
import { fileExport, frozenExport } from "../../services/shared/stopped-export";

const state = (pid: number) => execFileSync("ps", ["-o", "stat=", "-p", String(pid)]).toString()[0];
/** Waits until these processes are in those states, and fails where they don't get there. */
async function becomes(expected: string, ...pids: number[]): Promise<void> {
  const states = () => pids.map(state).join("");
  for (const end = Date.now() + 20_000; states() !== expected && Date.now() < end;) await delay(200);
  assert.equal(states(), expected);
}
const server = (file: string) => Number(readFileSync(file, "utf8"));

describe("a service that is stopped in its tracks", () => {
  let directory: string;
  /** Of a session of its own, as a container's first process is; it starts the other. */
  let first: ChildProcess;
  let probe: ChildProcess;
  /** How long a hold lasts that nobody renews, in seconds. */
  let lasts: number;
  const child = () => server(`${directory}/server`);

  beforeEach(async () => {
    lasts = 60;
    directory = mkdtempSync(join(tmpdir(), "stopped-"));
    mkdirSync(`${directory}/data`);
    writeFileSync(`${directory}/data/file`, "content");
    first = spawn(
      "sh",
      ["-c", `sleep 60 & echo $! >${directory}/new && mv ${directory}/new ${directory}/server; wait`],
      { detached: true, stdio: "ignore" },
    );
    while (!existsSync(`${directory}/server`)) await delay(20);
    probe = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  });
  afterEach(() => {
    process.kill(-first.pid!, "SIGKILL");
    process.kill(-probe.pid!, "SIGKILL");
    rmSync(directory, { recursive: true });
  });

  /** As if these were all processes of a pod, and the number `one` were its first. */
  const run = ({ exec }: Exec, one: number, all: number[]) => {
    const script = exec[2]!
      .replaceAll("/proc/[0-9]*", [...all.map((pid) => `/proc/${pid}`), "/proc/$$"].join(" "))
      .replaceAll("!= /proc/1 ", `!= /proc/${one} `);
    return execFileSync(
      "sh",
      [
        "-c",
        script
          .replaceAll("/tmp/held", `${directory}/held`)
          .replaceAll("sleep 600", `sleep ${lasts}`)
          .replace("du -sk", "du -sk --apparent-size"),
      ],
      { stdio: "pipe" },
    ).toString();
  };

  describe("that keeps files", () => {
    const leave = () => fileExport("n8n", [{ path: `${directory}/data` }]);
    const inPod = (command: Exec, one = 1, all = [first.pid!, child(), probe.pid!]) => run(command, one, all);
    const states = () => [first.pid!, child(), probe.pid!].map(state).join("");

    it("stands still with all of its processes, and nobody else does, until it is let go", async () => {
      assert.equal(inPod(leave().begin[0]!), "");
      assert.equal(states(), "TTS");
      assert.equal(inPod(leave().begin[0]!), "", "held on");
      assert.equal(states(), "TTS");
      inPod(leave().end[0]!);
      await becomes("SSS", first.pid!, child(), probe.pid!);
    });

    it("stands still but for a process that no signal stops from inside", async () => {
      assert.equal(inPod(leave().begin[0]!, first.pid), "");
      assert.equal(states(), "STS");
      inPod(leave().end[0]!, first.pid);
      await becomes("SSS", first.pid!, child(), probe.pid!);
    });

    it("is said to go on where it is such a process itself", () => {
      const [begin] = leave().begin;
      assert.equal(
        inPod(begin!, first.pid, [first.pid!, probe.pid!]),
        "not held: it is its container's first process, which can't be stopped\n",
      );
      assert.equal(states(), "SSS");
      inPod(leave().end[0]!, first.pid, [first.pid!, probe.pid!]);
    });

    it("goes on by itself when nobody says again that it shall not", async () => {
      lasts = 2;
      inPod(leave().begin[0]!);
      await becomes("SSS", first.pid!, child(), probe.pid!);
    });

    it("stands still at the last only with a volume that takes long: the kubelet would take it for dead", async () => {
      execFileSync("truncate", ["--size", "3G", `${directory}/data/large`]);
      assert.equal(
        inPod(leave().begin[0]!),
        "later: its data takes too long to stream for a service that stands still\n",
      );
      assert.equal(states(), "SSS");
      assert.equal(inPod(leave().last![0]!), "");
      await becomes("TTS", first.pid!, child(), probe.pid!);
      inPod(leave().end[0]!);
    });

    it("ends, though it stands still", async () => {
      inPod(leave().begin[0]!);
      const ended = new Promise((resolve) => first.on("exit", (_, signal) => resolve(signal)));
      inPod(leave().kill!);
      assert.equal(await ended, "SIGKILL");
      assert.equal(state(probe.pid!), "S");
      first = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    });

    it("changes its mark with whatever is written, and not when it is read", () => {
      const marked = () => inPod(leave().mark!);
      const before = marked();
      readFileSync(`${directory}/data/file`);
      assert.equal(marked(), before);
      writeFileSync(`${directory}/data/file`, "Content");
      assert.notEqual(marked(), before);
    });
  });

  describe("that is a database", () => {
    let database: ChildProcess;
    /** A program of that name, so that nothing else here is meant. */
    const name = `q${process.pid}`;
    const leave = () => frozenExport("qdrant", name, []);
    const inPod = (command: Exec, one = 1) => run(command, one, [first.pid!, database.pid!]);

    beforeEach(async () => {
      copyFileSync("/bin/sleep", `${directory}/${name}`);
      database = spawn(`${directory}/${name}`, ["60"]);
      await delay(200);
    });
    afterEach(() => void database.kill("SIGKILL"));

    it("stands still with that program's process, and only that, until it is let go", async () => {
      inPod(leave().begin[0]!);
      assert.deepEqual([state(database.pid!), state(first.pid!)], ["T", "S"]);
      inPod(leave().end[0]!);
      await becomes("S", database.pid!);
      lasts = 2;
      inPod(leave().begin[0]!);
      await becomes("S", database.pid!);
    });

    it("isn't taken for held where no signal stops it", () => {
      assert.throws(
        () => inPod(leave().begin[0]!, database.pid),
        ({ stderr }: { stderr: Buffer }) => stderr.toString() === `no process ${name} to stop\n`,
      );
    });
  });
});
