import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { readLocks } from "../../ops/pulumi/locks";
import { commit, opsIn, run, up, useTwoStacks, withChange } from "./two-stacks";
import { promotionGround, services } from "./promote-ground";
import { mistakes, unfinishedMove } from "./promote-mistakes";

describe("promotion, on the real CLI and cluster", () => {
  const stacks = useTwoStacks();
  const { promote, head, fingerprint, refused, reason, change, deployedCommit, forgeDeployment } =
    promotionGround(stacks);

  it("is refused for a stack that was never verified", () =>
    refused(reason("one was never verified; run npm run verify")));

  it("is possible after a verification, which leaves the state alone; --check writes nothing", async () => {
    const before = await fingerprint(stacks());
    const verified = await opsIn(stacks(), ["verify", "--stack", "one"]);
    assert.equal(verified.exitCode, 0, verified.printed);
    const { exitCode, stdout } = await promote("--check");
    assert.equal(exitCode, 0);
    assert.ok(
      stdout.endsWith(
        `\none is deployed and verified at ${await head()}; no differences are to be carried over to two`,
      ),
      stdout,
    );
    assert.deepEqual(await fingerprint(stacks()), before);
  });

  it("is refused while something that deploys isn't committed", () =>
    withChange(stacks(), "one", { [services]: { redis: { graceSeconds: 61 } } }, () =>
      refused(reason("some changes are not committed (Pulumi.one.yaml): commit them, deploy them to one, and verify")),
    ));

  it("isn't kept up by what doesn't deploy", async () => {
    await writeFile(join(stacks().directory, "docs/new.md"), "# New\n");
    const uncommitted = await promote("--check");
    await commit(stacks(), "A page");
    assert.deepEqual([uncommitted.exitCode, (await promote("--check")).exitCode], [0, 0]);
  });

  it("is refused for each mistake in what is asked for", async () => {
    const says = async (line: string, ...args: string[]) => {
      const { exitCode, printed } = await opsIn(stacks(), ["promote", ...args]);
      assert.deepEqual([exitCode, printed], [1, line]);
    };
    for (const [line, ...args] of mistakes) await says(line, ...args);
    const foreign = join(stacks().directory, "Pulumi.foreign.yaml");
    await writeFile(foreign, "config:\n  web:size: 1\n");
    await says(
      "Pulumi.foreign.yaml is of project web, and this is cluster-storage: " +
        "stacks of different projects can't be promoted into each other",
      "--from",
      "one",
      "--to",
      "foreign",
    );
    await rm(foreign);
  });

  it("is refused without the passphrase, and while another run has the stack", async () => {
    const none = await opsIn(stacks(), ["promote", "--from", "one", "--to", "two"], {
      PULUMI_CONFIG_PASSPHRASE: undefined,
    });
    assert.ok(
      none.stderr.endsWith(
        'stack "two": its secrets need a passphrase; set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE',
      ),
      none.printed,
    );
    for (const name of ["one", "two"]) {
      const directory = join(stacks().state, ".pulumi/locks/organization/cluster-storage", name);
      await mkdir(directory, { recursive: true });
      const lock = join(directory, "0.json");
      await writeFile(
        lock,
        JSON.stringify({ pid: 1, username: "ann", hostname: "elsewhere", timestamp: "2026-01-02T10:00:00Z" }),
      );
      assert.equal((await readLocks(stacks().state, "cluster-storage", name)).length, 1);
      await refused(
        `stack "${name}" is locked by another run, so nothing was changed: held by ann@elsewhere, process 1, ` +
          "since 2026-01-02T10:00:00.000Z: another host, so this machine can't tell whether it still runs",
      );
      await rm(lock);
    }
  });

  it("is refused while a move isn't finished", async () => {
    const file = join(stacks().state, ".pulumi/stacks/cluster-storage/one.json");
    const before = await readFile(file, "utf8");
    const state = JSON.parse(before) as {
      checkpoint: { latest: { pending_operations?: object[]; resources: { urn: string; type: string }[] } };
    };
    const urn =
      "urn:pulumi:one::cluster-storage::cluster-storage:index:StatefulService$cluster-storage:index:Move" +
      "$kubernetes:batch/v1:Job::redis-data-1-to-2";
    const inputs = {
      spec: {
        template: {
          spec: { containers: [{ name: "move", env: [{ name: "MOVE", value: JSON.stringify(unfinishedMove) }] }] },
        },
      },
    };
    state.checkpoint.latest.pending_operations = [
      { resource: { urn, custom: true, type: "kubernetes:batch/v1:Job", inputs }, type: "creating" },
    ];
    await writeFile(file, JSON.stringify(state));
    try {
      await refused(reason("the move redis-data-1-to-2 of one isn't finished; pulumi up continues it"));
    } finally {
      await writeFile(file, before);
    }
  });

  it("is refused at a commit that isn't deployed, and after an update that wasn't verified", async () => {
    await change({ [services]: { redis: { reaches: ["searxng"] } } }, "Redis reaches SearXNG");
    await refused(
      reason(
        `one is at ${await deployedCommit()}, and not at the committed ${await head()} (Pulumi.one.yaml): ` +
          "deploy it, then npm run verify",
      ),
    );
    await up(stacks(), "one");
    await refused(/\n {2}one was verified [\d-]+ [\d:]+, and updated since, [\d-]+ [\d:]+: npm run verify$/);
    const verified = await opsIn(stacks(), ["verify", "--stack", "one"]);
    assert.equal(verified.exitCode, 0, verified.printed);
  });

  it("without a terminal and without --yes shows all and writes nothing", async () => {
    const before = await fingerprint(stacks());
    const { exitCode, printed, stderr } = await promote();
    assert.equal(exitCode, 1);
    assert.ok(stderr.endsWith("nothing was written: there is no terminal to confirm on; pass --yes"), printed);
    assert.deepEqual(await fingerprint(stacks()), before);
  });

  it("shows what is carried and what it does to the target, and puts the lines on a branch", async () => {
    const at = await head();
    const target = await readFile(join(stacks().directory, "Pulumi.two.yaml"), "utf8");
    const { exitCode, printed } = await promote("--yes");
    assert.equal(exitCode, 0, printed);
    assert.match(
      printed,
      new RegExp(
        String.raw`^carried over from one to two:\n +ONE +TWO\n {2}services\.redis\.reaches +\[searxng\] ` +
          String.raw`+–\n\ndifferent on purpose \(promotion\.yaml\):\n`,
      ),
    );
    assert.match(printed, /\nstack "two": no data is lost or left unprotected\n/);
    assert.ok(
      printed.endsWith(
        `\non branch promote/one-to-two-${at}: git push -u origin promote/one-to-two-${at} opens it for review`,
      ),
      printed,
    );
    assert.equal(await run(stacks(), "git", "rev-parse", "--abbrev-ref", "HEAD"), `promote/one-to-two-${at}`);
    assert.equal(await run(stacks(), "git", "status", "--porcelain"), "");
    assert.equal(
      await run(stacks(), "git", "show", "--stat", "--format=%s%n%n%b", "HEAD").then((text) =>
        text.split("\n").slice(0, 3).join("\n"),
      ),
      `Promote one at ${at} to two\n\n- services.redis.reaches`,
    );
    assert.deepEqual((await run(stacks(), "git", "diff", "--name-only", "main", "HEAD")).split("\n"), [
      "Pulumi.two.yaml",
    ]);
    const promoted = parse(await readFile(join(stacks().directory, "Pulumi.two.yaml"), "utf8")) as {
      config: Record<string, Record<string, object>>;
    };
    const expected = parse(target) as typeof promoted;
    Object.assign(expected.config[services]!.redis!, { reaches: ["searxng"] });
    assert.deepEqual(promoted, expected);
    await run(stacks(), "git", "switch", "--quiet", "main");
  });

  it("is refused where the target's data would be at risk", async () => {
    await change({ [services]: { searxng: { claim: "other" } } }, "Another name");
    const verified = {
      commit: await run(stacks(), "git", "rev-parse", "HEAD"),
      at: new Date(Date.now() + 60_000).toISOString(),
      ok: true,
      failed: [],
    };
    await forgeDeployment(verified.commit);
    await run(stacks(), "pulumi", "stack", "tag", "set", "verified", JSON.stringify(verified), "--stack", "one");
    await refused(
      new RegExp(
        String.raw`refused:\n {2}cluster-storage:services\.searxng: claim searxng-data in namespace ` +
          String.raw`two-search is not in the config any more; [\s\S]*\ntwo's data would be at risk: ` +
          String.raw`nothing was written$`,
      ),
      2,
    );
  });
});
