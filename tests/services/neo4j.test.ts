import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { CheckStep } from "../../model/container";
import { catalogue } from "../../services/catalogue";
import { logSizes } from "../../services/shared/neo4j-sizes";
import { service } from "../plan/plan-fixture";

const gibibyte = 1024 ** 3;

describe("what Neo4j makes of its volume's size", () => {
  it("is a log that leaves room for the data, and its own defaults where there is room enough", () => {
    const cases: [volume: number, file: number, kept: number][] = [
      [gibibyte / 4, 16, 64],
      [gibibyte, 32, 128],
      [2 * gibibyte, 64, 256],
      [8 * gibibyte, 256, 1024],
      [50 * gibibyte, 256, 2048],
    ];
    for (const [volume, file, kept] of cases) assert.deepEqual(logSizes(volume), { file, kept });
  });

  it("follows the volume in use, and gives way to the config", () => {
    const named = (settings: string) =>
      service(`    neo4j: { ${settings} }`, "neo4j").container.env.filter(({ name }) => name.includes("tx__log"));
    const [size, policy] = ["NEO4J_db_tx__log_rotation_size", "NEO4J_db_tx__log_rotation_retention__policy"];
    assert.deepEqual(named("size: 2Gi"), [
      { name: size, sized: "64m" },
      { name: policy, sized: "256M size" },
    ]);
    assert.deepEqual(named(`size: 2Gi, env: { ${policy}: 2 days }`), [
      { name: size, sized: "64m" },
      { name: policy, value: "2 days" },
    ]);
  });
});

describe("what Neo4j sends to its makers", () => {
  it("is nothing", () => {
    const { env } = service("    neo4j: { size: 2Gi }", "neo4j").container;
    assert.deepEqual(
      env.filter(({ name }) => name.includes("usage")),
      [{ name: "NEO4J_dbms_usage__report_enabled", value: "false" }],
    );
  });
});

describe("how Neo4j's data is checked", () => {
  let programs: string;
  before(async () => {
    programs = await mkdtemp(join(tmpdir(), "neo4j-check-"));
  });
  after(() => rm(programs, { recursive: true }));

  const { check } = catalogue.get("neo4j")!;
  async function run([step]: CheckStep[], shell: string) {
    await writeFile(join(programs, "cypher-shell"), `#!/bin/sh\n${shell}\n`, { mode: 0o755 });
    const [file = "", ...args] = step && "exec" in step ? step.exec : [];
    const env = { PATH: `${programs}:${process.env.PATH}`, NEO4J_AUTH: "neo4j/s3cret" };
    return execa(file, args, { env, extendEnv: false, reject: false });
  }

  it("logs in by variables, and leaves out the shell's header and quotes", async () => {
    const answer = String.raw`printf 'c.value\n"%s"\n' "$NEO4J_USERNAME-$NEO4J_PASSWORD"`;
    assert.equal((await run(check.read, answer)).stdout, "neo4j-s3cret");
    const several = String.raw`printf 'c.key\n"one"\n"two 2"\n'`;
    assert.equal((await run(check.list, several)).stdout, "one\ntwo 2");
    assert.equal((await run(check.read, "echo c.value")).stdout, "");
    const { stdout } = await run(check.read, 'echo header; echo "$*"');
    assert.equal(
      stdout,
      "-a bolt://127.0.0.1:7687 --format plain MATCH (c:PersistenceCheck {key: '{{key}}'}) RETURN c.value",
    );
  });

  it("fails as the shell does, with what it said", async () => {
    for (const steps of [check.write, check.read, check.remove, check.list]) {
      const { exitCode, stderr, stdout } = await run(steps, "echo 'The client is unauthorized' >&2; exit 3");
      assert.deepEqual([exitCode, stderr, stdout], [3, "The client is unauthorized", ""]);
    }
  });
});
