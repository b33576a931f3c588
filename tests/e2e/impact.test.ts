import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Impact } from "../../ops/impact/types";
import type { Overrides } from "../../ops/pulumi/overrides";
import { opsIn, useTwoStacks, withChange } from "./two-stacks";

const services = "cluster-storage:services";

interface Case {
  title: string;
  change: Overrides;
  exitCode: number;
  /** All that is printed. */
  printed: string;
}

/** The other changes are in comment.test.ts, each as a pull request's comment. */
const cases: Case[] = [
  {
    title: "nothing",
    change: {},
    exitCode: 0,
    printed:
      `stack "one": no data is lost or left unprotected\n\nVOLUME                         SIZE  CLASS       ` +
      `NOTE\none-cache/redis-data     kept  1Gi   local-path\none-search/searxng-data  kept  1Gi   ` +
      `two-stacks\n\nthe rest: 17 unchanged`,
  },
  {
    title: "data moves",
    change: {
      [services]: {
        redis: {
          class: "two-stacks",
          size: "2Gi",
          generation: 2,
          kept: [{ generation: 1, size: "1Gi", class: "local-path" }],
        },
      },
    },
    exitCode: 0,
    printed: [
      'stack "one": no data is lost or left unprotected',
      "",
      "VOLUME                          SIZE  CLASS       NOTE",
      "one-cache/redis-data-2   moved  2Gi   two-stacks  from redis-data, at most 1Gi; down while it is copied",
      "one-cache/redis-data     kept   1Gi   local-path  the data goes on in redis-data-2; stays as it is " +
        "until it is released",
      "one-search/searxng-data  kept   1Gi   two-stacks",
      "",
      "workloads:",
      "  one-cache/redis Deployment restarts (volume redis-data → redis-data-2)",
      "",
      "the rest: 5 created (ConfigMap, Job, NetworkPolicy, Role, ServiceAccount); 16 unchanged",
    ].join("\n"),
  },
  {
    title: "a volume can't grow where it is",
    change: { [services]: { redis: { size: "2Gi" } } },
    exitCode: 2,
    printed: [
      'stack "one": DATA AT RISK; the change is refused',
      "",
      "refused:",
      "  cluster-storage:services.redis.size: 2Gi is more than the 1Gi of claim redis-data, and its class " +
        '"local-path" can\'t grow a volume; move the data to another volume: npm run move -- redis --size 2Gi',
      "",
      "the rest: not planned, because the change is refused",
    ].join("\n"),
  },
  {
    title: "a config that is wrong in itself",
    change: { [services]: { redis: { sise: "2Gi" } } },
    exitCode: 1,
    printed:
      'stack "one": the config has a fault, so there was no preview: cluster-storage:services.redis.sise: ' +
      'unknown key; did you mean "size"?',
  },
];

describe("the data impact of a change, on the real CLI and cluster", () => {
  const stacks = useTwoStacks();

  for (const { title, change, exitCode, printed } of cases) {
    it(`is told: ${title}`, async () => {
      const ended = await withChange(stacks(), "one", change, () => opsIn(stacks(), ["impact", "--stack", "one"]));
      assert.equal(ended.printed.trim(), printed);
      assert.equal(ended.exitCode, exitCode);
    });
  }

  it("is told of several stacks at once, the one at risk deciding", async () => {
    const ended = await withChange(stacks(), "two", { [services]: { redis: { protect: false } } }, () =>
      opsIn(stacks(), ["impact", "--stack", "one", "--stack", "two", "--json"]),
    );
    const reports = JSON.parse(ended.stdout) as Impact[];
    assert.deepEqual(
      reports.map(({ stack, result }) => [stack, result]),
      [
        ["one", "safe"],
        ["two", "at-risk"],
      ],
    );
    assert.deepEqual(
      reports[1]?.volumes.map(({ volume, fate }) => `${volume} ${fate}`),
      ["two-cache/redis-data unprotected", "two-search/searxng-data kept"],
    );
    assert.equal(ended.exitCode, 2);
  });

  it("is a comment with --markdown", async () => {
    const { stdout } = await opsIn(stacks(), ["impact", "--stack", "two", "--markdown"]);
    assert.match(
      stdout,
      new RegExp(
        "^<!-- cluster-storage impact two -->\n### Data impact on `two`\n\n" +
          '✅ stack "two": no data is lost or left unprotected\n\n\\| volume \\| \\| size \\| class \\| note \\|\n',
      ),
    );
  });

  const failures: { title: string; args?: string[]; env?: NodeJS.ProcessEnv; says: RegExp }[] = [
    {
      title: "no such stack",
      args: ["--stack", "three"],
      says: /^there is no Pulumi\.three\.yaml: no stack "three" in this checkout$/,
    },
    {
      title: "a stack that was never made",
      args: ["--stack", "never"],
      says: /^no stack named "never"; pulumi stack ls lists the stacks of your login$/,
    },
    {
      title: "no passphrase",
      env: { PULUMI_CONFIG_PASSPHRASE: undefined },
      says: new RegExp(
        String.raw`^stack "one": its secrets need a passphrase; set PULUMI_CONFIG_PASSPHRASE or ` +
          String.raw`PULUMI_CONFIG_PASSPHRASE_FILE$`,
      ),
    },
    {
      title: "another passphrase",
      env: { PULUMI_CONFIG_PASSPHRASE: "other" },
      says: new RegExp(
        String.raw`^stack "one": wrong passphrase \(PULUMI_CONFIG_PASSPHRASE or ` +
          String.raw`PULUMI_CONFIG_PASSPHRASE_FILE\); nothing was changed$`,
      ),
    },
    {
      title: "both forms at once",
      args: ["--json", "--markdown"],
      says: /^--markdown and --json can't be used together$/,
    },
  ];
  for (const { title, args = ["--stack", "one"], env, says } of failures) {
    it(`is one line and exit code 1 where there is none: ${title}`, async () => {
      const never = join(stacks().directory, "Pulumi.never.yaml");
      await writeFile(never, "config:\n  cluster-storage:cluster: { context: none, identifier: none }\n");
      const { exitCode, printed } = await opsIn(stacks(), ["impact", ...args], env);
      await rm(never);
      assert.match(printed, says);
      assert.equal(exitCode, 1);
    });
  }
});
