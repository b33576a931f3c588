import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withExportRecipe } from "../../plan/export-recipe";
import type { ClaimPlan } from "../../model/storage";
import { catalogue } from "../../services/catalogue";

const mounts = [
  { path: "/qdrant/storage", subPath: "storage" },
  { path: "/qdrant/snapshots", subPath: "snapshots" },
];
const claim = (kind: "copy" | "fill") => ({ name: "data-2", mounts, move: { job: "data-1-to-2", kind } }) as ClaimPlan;
const spec = (name: string) => catalogue.get(name)!;

describe("how data leaves a running pod", () => {
  it("is said where it has to, and nowhere else", () => {
    assert.equal(withExportRecipe(claim("copy"), spec("redis")).move?.exportRecipe, undefined);
    assert.equal(withExportRecipe(claim("fill"), spec("redis")).move?.exportRecipe?.verify, "again");
    assert.equal(
      withExportRecipe(claim("fill"), { ...spec("redis"), exportRecipe: undefined }).move?.exportRecipe,
      undefined,
    );
  });

  it("is known for every service, with all directories of the volume, and none twice", () => {
    for (const [name, service] of catalogue) {
      for (const { mounts } of service.claims) {
        const leave = service.exportRecipe?.(mounts);
        assert.equal(leave?.container, name);
        const whole = mounts.some(({ subPath }) => subPath === undefined);
        const parts = leave?.streams.map(({ into }) => into);
        assert.deepEqual(
          parts,
          leave?.verify === "backup-manifest" ? ["pgdata"] : whole ? [undefined] : mounts.map(({ subPath }) => subPath),
          name,
        );
      }
    }
  });

  it("is undone by itself wherever something is held, should its job die", () => {
    for (const [name, service] of catalogue) {
      const { begin, last = [], live, end } = service.exportRecipe!(service.claims[0]!.mounts);
      const scripts = [...begin, ...last].map(({ exec }) => exec.join(" "));
      assert.ok(scripts.length > 0 && end.length > 0, name);
      assert.ok(live === true || scripts.some((script) => script.includes("(sleep 600; ")), name);
    }
  });

  it("is a script that a shell can read", () => {
    for (const service of catalogue.values()) {
      const { begin, last = [], end, mark, streams } = service.exportRecipe!(service.claims[0]!.mounts);
      for (const { exec } of [...begin, ...last, ...end, ...(mark ? [mark] : []), ...streams])
        if (exec[0] === "sh") execFileSync("sh", ["-n", "-c", exec[2]!]);
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
  "info persistence") echo "rdb_changes_since_last_save:$(cat changes)"
    printf 'aof_rewrite_in_progress:0\\naof_rewrite_scheduled:0\\nrdb_bgsave_in_progress:0\\n' ;;
  save) echo "$(cat changes)" >>dump.rdb; echo 0 >changes; echo OK ;;
  waitaof*) case "$(cat appendonly)" in
      yes) cat synced ;;
      *) echo "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled." ;;
    esac ;;
  *) echo "$*" >>asked; echo OK ;;
esac
`;
    const begin = (path = directory, lasts = 2) => {
      const [{ exec }] = spec("redis").exportRecipe!([{ path }]).begin as [{ exec: string[] }];
      const own = exec.map((word) =>
        word.replaceAll("/tmp/held", `${directory}/held`).replaceAll("sleep 600", `sleep ${lasts}`),
      );
      return execFileSync(own[0]!, own.slice(1), {
        env: { PATH: `${directory}/bin:${process.env.PATH}`, HOME: directory },
        stdio: ["ignore", "pipe", "pipe"],
      });
    };
    const saved = () => (existsSync(`${directory}/dump.rdb`) ? readFileSync(`${directory}/dump.rdb`, "utf8") : "");

    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), "leave-"));
      mkdirSync(`${directory}/bin`);
      writeFileSync(`${directory}/bin/redis-cli`, client, { mode: 0o755 });
      writeFileSync(`${directory}/changes`, "5\n");
      writeFileSync(`${directory}/appendonly`, "no\n");
      writeFileSync(`${directory}/synced`, "1\n0\n");
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

    it("it is let go by itself where the job that held it has died, with what the hold had switched off", async () => {
      writeFileSync(`${directory}/appendonly`, "yes\n");
      begin(directory, 1);
      const asked = () => readFileSync(`${directory}/asked`, "utf8").trim().split("\n");
      const held = ["config set save  auto-aof-rewrite-percentage 0", "client pause 600000 write"];
      assert.deepEqual(asked(), held);
      for (const end = Date.now() + 15_000; asked().length < 4 && Date.now() < end;) await sleep(50);
      assert.deepEqual(asked(), [
        ...held,
        "client unpause",
        "config set save 3600 1 300 100 60 10000 auto-aof-rewrite-percentage 100",
      ]);
    });

    it("it doesn't leave where the log isn't on disk", () => {
      writeFileSync(`${directory}/appendonly`, "yes\n");
      writeFileSync(`${directory}/synced`, "0\n0\n");
      assert.throws(() => begin());
    });

    it("it doesn't leave where its data is elsewhere than on the volume", () => {
      assert.throws(
        () => begin("/elsewhere"),
        ({ stderr }: { stderr: Buffer }) => stderr.toString() === `Redis keeps its data in ${directory}\n`,
      );
    });
  });
});
