import type { ResultPromise } from "execa";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { postgres } from "../../local-cluster/images/postgres/image";
import { execIn, runImage, signal, type RunOptions, type Unpacked } from "./image-run";
import { apt, unpacked, until, volume } from "./image-volume";

const mount = "/var/lib/postgresql/data";

describe("the PostgreSQL image", () => {
  for (const [uid, major] of [
    [999, 17],
    [70, 15],
  ] as const) {
    describe(`${major}, as uid ${uid}`, () => {
      let image: Unpacked;
      before(async () => (image = await unpacked(postgres(apt, major))));
      after(() => rm(image.root, { recursive: true, force: true }));
      let data: string;
      let running: ResultPromise | undefined;
      beforeEach(async () => (data = await volume(uid)));
      afterEach(async () => {
        if (running && running.exitCode === null) await signal(running, "SIGKILL").catch(() => undefined);
        await rm(data, { recursive: true, force: true });
      });

      const inData = (name: string) => path.join(data, "pgdata", name);
      const options = (env: Record<string, string> = {}): RunOptions => ({
        uid,
        mounts: { [mount]: data },
        empty: ["/run/postgresql", "/tmp"],
        env: {
          PGDATA: `${mount}/pgdata`,
          POSTGRES_USER: "app",
          POSTGRES_DB: "Shop's",
          POSTGRES_PASSWORD: "it's secret",
          POSTGRES_INITDB_ARGS: "--data-checksums --auth-host=scram-sha-256",
          ...env,
        },
      });
      const start = (env?: Record<string, string>): void => {
        running = runImage(image, options(env));
      };
      const inside = (command: string[], env?: Record<string, string>) => execIn(image, running!, uid, command, env);
      const ready = () =>
        until("the server takes connections", async () => {
          if (running!.exitCode !== null) assert.fail(`the server ended: ${(await running!).all}`);
          return (
            (await inside(["pg_isready", "-h", "127.0.0.1", "-U", "app"]).catch(() => ({ exitCode: 1 }))).exitCode === 0
          );
        });
      const sql = async (text: string) => {
        const result = await inside(
          ["psql", "-h", "127.0.0.1", "-U", "app", "-d", "Shop's", "-v", "ON_ERROR_STOP=1", "-Atc", text],
          { PGPASSWORD: "it's secret" },
        );
        assert.equal(result.exitCode, 0, result.all);
        return result.stdout;
      };

      it("keeps what was committed over kill -9", async () => {
        start();
        await ready();
        await sql("create table t (v text)");
        await sql("insert into t values ('kept')");
        await signal(running!, "SIGKILL");

        start({ POSTGRES_PASSWORD: "another" });
        await ready();
        assert.equal(await sql("select v from t"), "kept");
        assert.equal(await sql("show data_checksums"), "on");
        assert.equal(await sql("select datcollate from pg_database where datname = current_database()"), "C.UTF-8");
        const ended = await signal(running!, "SIGINT");
        assert.match(String(ended.all), /database system is shut down/);
        assert.equal((await stat(inData("PG_VERSION"))).uid, uid);
        assert.deepEqual(
          (await readdir(inData(""))).filter((name) => name.startsWith(".")),
          [],
        );
      });

      it("lets nobody in over TCP without the password", async () => {
        start();
        await ready();
        const refused = await inside(["psql", "-h", "127.0.0.1", "-U", "app", "-d", "postgres", "-Atc", "select 1"], {
          PGPASSWORD: "wrong",
        });
        assert.equal(refused.exitCode, 2);
        assert.match(String(refused.all), /password authentication failed for user "app"/);
      });

      for (const [moment, reached] of [
        ["initdb has begun", () => existsSync(inData(".initialising/PG_VERSION"))],
        ["the server without network is up", () => existsSync(inData(".initialising/postmaster.pid"))],
        ["the database is made but not in its place", () => existsSync(inData(".initialised"))],
      ] as const) {
        it(`survives kill -9 when ${moment}`, async () => {
          start();
          await until(moment, reached);
          await signal(running!, "SIGKILL");
          assert.equal(existsSync(inData("postmaster.pid")), false, "the server proper was already up");

          start();
          await ready();
          assert.equal(await sql("select current_user || ' ' || current_database()"), "app Shop's");
          assert.equal(existsSync(inData(".initialising")) || existsSync(inData(".initialised")), false);
        });
      }
    });
  }

  describe("of a user's volume", () => {
    let image: Unpacked;
    before(async () => (image = await unpacked(postgres(apt, 17))));
    after(() => rm(image.root, { recursive: true, force: true }));

    it("takes the password from a file, and refuses both", async () => {
      const data = await volume(999);
      const base: RunOptions = { uid: 999, mounts: { [mount]: data }, empty: ["/run/postgresql", "/tmp"] };
      const both = await runImage(image, {
        ...base,
        env: { POSTGRES_PASSWORD: "a", POSTGRES_PASSWORD_FILE: "/etc/passwd", PGDATA: `${mount}/pgdata` },
      });
      assert.match(
        String(both.all),
        /^docker-entrypoint: POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are both set; set only one of them$/m,
      );
      const none = await runImage(image, { ...base, env: { PGDATA: `${mount}/pgdata` } });
      assert.match(String(none.all), /it needs a password: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE$/m);
      assert.notEqual(none.exitCode, 0);
      await rm(data, { recursive: true });
    });

    it("leaves files alone that are no database", async () => {
      const data = await volume(999);
      await writeFile(path.join(data, "base"), "somebody's");
      const result = await runImage(image, {
        uid: 999,
        mounts: { [mount]: data },
        empty: ["/run/postgresql", "/tmp"],
        env: { POSTGRES_PASSWORD: "x" },
      });
      assert.equal(result.exitCode, 1);
      assert.match(
        String(result.all),
        /has files but no PG_VERSION, so it is neither empty nor a database; nothing was changed\. Found: base/,
      );
      assert.deepEqual(await readdir(data), ["base"]);
      await rm(data, { recursive: true });
    });
  });
});
