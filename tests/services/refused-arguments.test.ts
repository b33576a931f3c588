import assert from "node:assert/strict";
import type { ArgumentRules } from "../../model/container-settings";
import { containerRules as postgresql } from "../../services/shared/postgresql-settings";
import { containerRules as redis } from "../../services/shared/redis-settings";

const messages = ({ extraArgs }: typeof redis, args: string[]) =>
  (extraArgs as ArgumentRules).check(args).map(({ message }) => message);

const elsewhere = "the data and its rules are on the volume, and elsewhere the server would start without them";
const crash = "a crash would lose or break data that the server has confirmed";
const backup = "a move takes the data by a base backup, which needs";
const lies = "the data lies there, and Redis would start empty";
const confirmed = "what Redis has confirmed would be lost";

describe("arguments that would cost data", () => {
  const ofPostgresql: [string, string][] = [
    ["data_directory=/tmp/data", `sets data_directory, which stays: ${elsewhere}`],
    ["config_file=/tmp/x", `sets config_file, which stays: ${elsewhere}`],
    ["fsync=off", `sets fsync to off, which stays: ${crash}`],
    ["FSYNC=0", `sets fsync to 0, which stays: ${crash}`],
    ["full_page_writes=no", `sets full_page_writes to no, which stays: ${crash}`],
    ["synchronous_commit=false", `sets synchronous_commit to false, which stays: ${crash}`],
    ["zero_damaged_pages=on", "sets zero_damaged_pages, which stays: it destroys the rows of a damaged page"],
    [
      "data_sync_retry=on",
      "sets data_sync_retry, which stays: the server would go on after writes that the disk has refused, and take " +
        "them for kept",
    ],
    ["wal_level=minimal", `sets wal_level to minimal, which stays: ${backup} replica or more`],
    ["max_wal_senders=0", `sets max_wal_senders to 0, which stays: ${backup} two`],
  ];
  for (const [setting, message] of ofPostgresql)
    it(`of PostgreSQL, in each form: ${setting}`, () => {
      const [name = "", value = ""] = setting.split("=");
      for (const args of [["-c", setting], [`-c${setting}`], [`--${name.replaceAll("_", "-")}=${value}`]])
        assert.deepEqual(messages(postgresql, args), [message], args.join(" "));
    });

  const ofRedis: [string, string, string][] = [
    ["--dir", "/tmp", `sets dir, which stays: ${lies}`],
    ["--appenddirname", "x", `sets appenddirname, which stays: ${lies}`],
    ["--APPENDONLY", "no", `sets appendonly, which stays: ${confirmed}`],
    ["--appendfsync", "no", `sets appendfsync, which stays: ${confirmed}`],
    ["--replicaof", "a 1", "sets replicaof, which stays: Redis would replace its data by that of another server"],
    ["--include", "/tmp/x", "sets include, which stays: what stays could be changed in that file"],
  ];
  for (const [name, value, message] of ofRedis)
    it(`of Redis: ${name} ${value}`, () => {
      assert.deepEqual(messages(redis, [name, value]), [message]);
    });

  it("are not those that make writing safer, or have another value", () => {
    const safe = ["fsync=on", "full_page_writes=on", "synchronous_commit=remote_write", "wal_level=logical"];
    assert.deepEqual(
      messages(
        postgresql,
        safe.flatMap((setting) => ["-c", setting]),
      ),
      [],
    );
    assert.deepEqual(messages(redis, ["--maxmemory-policy", "volatile-lru", "--maxclients", "9"]), []);
  });
});
