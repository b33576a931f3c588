import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { withLeave } from "../../plan/leave";
import type { ClaimPlan } from "../../plan/storage-types";
import { catalogue } from "../../services/catalogue";

const mounts = [{ path: "/qdrant/storage", subPath: "storage" }, { path: "/qdrant/snapshots", subPath: "snapshots" }];
const claim = (kind: "copy" | "fill") => ({ name: "data-2", mounts, move: { job: "data-1-to-2", kind } }) as ClaimPlan;
const spec = (name: string) => catalogue.get(name)!;

describe("how data leaves a running pod", () => {
  it("is said where it has to, and nowhere else", () => {
    assert.equal(withLeave(claim("copy"), spec("redis")).move?.leave, undefined);
    assert.equal(withLeave(claim("fill"), spec("redis")).move?.leave?.verify, "again");
    assert.equal(withLeave(claim("fill"), { ...spec("redis"), leave: undefined }).move?.leave, undefined);
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

  it("is a script that a shell can read", () => {
    for (const service of catalogue.values()) {
      const { begin, end, mark, streams } = service.leave!(service.claims[0]!.mounts);
      for (const { exec } of [...begin, ...end, ...(mark ? [mark] : []), ...streams]) if (exec[0] === "sh") execFileSync("sh", ["-n", "-c", exec[2]!]);
    }
  });

  it("stops a database's own process, and only that, until it is let go", async () => {
    const { begin, end } = spec("qdrant").leave!(mounts);
    const state = (pid: number) => execFileSync("ps", ["-o", "stat=", "-p", String(pid)]).toString()[0];
    const { copyFileSync } = await import("node:fs");
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

  describe("of Redis without a log", () => {
    let directory: string;
    /** As much of the client as the script asks, on a server with five changes that are on no disk. */
    const client = `#!/bin/sh
cd "$HOME"
case "$*" in
  "config get dir") printf 'dir\\n%s\\n' "$HOME" ;;
  "config get dbfilename") printf 'dbfilename\\ndump.rdb\\n' ;;
  "config get appendonly") printf 'appendonly\\n'; cat appendonly ;;
  "info persistence") echo "rdb_changes_since_last_save:$(cat changes)"; printf 'aof_rewrite_in_progress:0\\naof_rewrite_scheduled:0\\nrdb_bgsave_in_progress:0\\n' ;;
  save) echo "$(cat changes)" >>dump.rdb; echo 0 >changes; echo OK ;;
  waitaof*) echo 1 ;;
  *) echo OK ;;
esac
`;
    const begin = (path = directory) => {
      const [{ exec }] = spec("redis").leave!([{ path }]).begin as [{ exec: string[] }];
      return execFileSync(exec[0]!, exec.slice(1), { env: { PATH: `${directory}/bin:${process.env.PATH}`, HOME: directory }, stdio: ["ignore", "pipe", "pipe"] });
    };
    const saved = () => (existsSync(`${directory}/dump.rdb`) ? readFileSync(`${directory}/dump.rdb`, "utf8") : "");

    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), "leave-"));
      mkdirSync(`${directory}/bin`);
      writeFileSync(`${directory}/bin/redis-cli`, client, { mode: 0o755 });
      writeFileSync(`${directory}/changes`, "5\n");
      writeFileSync(`${directory}/appendonly`, "no\n");
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    it("a snapshot has what is in memory alone, and isn't taken again when the hold is renewed", () => {
      begin();
      assert.equal(saved(), "5\n");
      begin();
      assert.equal(saved(), "5\n");
    });

    it("a snapshot is taken where there is none, whatever the server says of changes", () => {
      writeFileSync(`${directory}/changes`, "0\n");
      begin();
      assert.equal(saved(), "0\n");
    });

    it("none is taken where the log has everything", () => {
      writeFileSync(`${directory}/appendonly`, "yes\n");
      begin();
      assert.equal(saved(), "");
    });

    it("it doesn't leave where its data is elsewhere than on the volume", () => {
      assert.throws(() => begin("/elsewhere"), ({ stderr }: { stderr: Buffer }) => stderr.toString() === `Redis keeps its data in ${directory}\n`);
    });
  });

  describe("of a service that keeps files", () => {
    let directory: string;
    let first: ChildProcess;
    const state = (pid: number) => execFileSync("ps", ["-o", "stat=", "-p", String(pid)]).toString()[0];
    /** As if the first process here, which has a session of its own, were a container's. */
    const run = (script: string) => execFileSync("sh", ["-c", script.replaceAll("/proc/1 ", `/proc/${first.pid} `).replaceAll("= 1 ]", `= ${first.pid} ]`).replaceAll("/tmp/held", `${directory}/held`).replaceAll("sleep 600", "sleep 2")]).toString();
    const leave = () => spec("n8n").leave!([{ path: `${directory}/data` }]);
    const server = () => Number(readFileSync(`${directory}/server`, "utf8"));

    beforeEach(async () => {
      directory = mkdtempSync(join(tmpdir(), "leave-"));
      mkdirSync(`${directory}/data`);
      writeFileSync(`${directory}/data/file`, "content");
      first = spawn("sh", ["-c", `sleep 60 & echo $! >${directory}/new && mv ${directory}/new ${directory}/server; wait`], { detached: true, stdio: "ignore" });
      while (!existsSync(`${directory}/server`)) await delay(20);
    });
    afterEach(() => {
      process.kill(-first.pid!, "SIGKILL");
      rmSync(directory, { recursive: true });
    });

    it("its processes stop, but for the first one, until they are let go", () => {
      run(leave().begin[0]!.exec[2]!);
      assert.deepEqual([state(server()), state(first.pid!)], ["T", "S"]);
      run(leave().end[0]!.exec[2]!);
      assert.equal(state(server()), "S");
    });

    it("they go on by themselves when nobody says again that they shall not", async () => {
      run(leave().begin[0]!.exec[2]!);
      await delay(3500);
      assert.equal(state(server()), "S");
    });

    it("they aren't stopped for a volume that takes long: the kubelet would take them for dead", () => {
      execFileSync("truncate", ["--size", "3G", `${directory}/data/large`]);
      run(leave().begin[0]!.exec[2]!.replace("du -sk", "du -sk --apparent-size"));
      assert.equal(state(server()), "S");
    });

    it("whatever is written changes its mark, and reading doesn't", () => {
      const marked = () => run(leave().mark!.exec[2]!);
      const before = marked();
      readFileSync(`${directory}/data/file`);
      assert.equal(marked(), before);
      writeFileSync(`${directory}/data/file`, "Content");
      assert.notEqual(marked(), before);
    });
  });
});
