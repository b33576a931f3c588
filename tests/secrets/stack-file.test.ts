import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StackFile } from "../../config/stack-file";
import { readStackYaml, strayFaults } from "../../config/stack-yaml";
import { hiddenPlaces } from "../../model/hidden";
import { readStackConfig } from "../../ops/pulumi/project";
import { planOf } from "../../ops/pulumi/stack-plan";
import { marked } from "./marked";

describe("a stack file that somebody wrote by hand", () => {
  const secret = marked("shared");
  const opened = { env: { KEY: secret, MODE: "own", LEVEL: "all" } };
  const files: [string, string][] = [
    [
      "a merged map",
      "config:\n  s: &s { KEY: { secure: v1:a }, MODE: all }\n  a: { env: { <<: *s, MODE: own, LEVEL: all } }\n",
    ],
    ["an alias", "config:\n  s: &s { KEY: { secure: v1:a }, MODE: own, LEVEL: all }\n  a: { env: *s }\n"],
    [
      "line ends and a mark of another system",
      "\uFEFFconfig:\r\n  a:\r\n    env: { KEY: { secure: v1:a }, MODE: own, LEVEL: all }\r\n",
    ],
    [
      "comments and tags",
      "config:\n  a: # ours\n    env: { KEY: { secure: !!str v1:a }, MODE: own, LEVEL: !!str all }\n",
    ],
  ];
  for (const [what, text] of files)
    it(`says what is secret in it, as the CLI reads it: ${what}`, async () => {
      const scratch = await mkdtemp(join(tmpdir(), "stack-file-"));
      process.env.CLUSTER_STORAGE_CONFIG_FILE = join(scratch, "Pulumi.test.yaml");
      try {
        await writeFile(process.env.CLUSTER_STORAGE_CONFIG_FILE, text);
        const hidden = new StackFile("test").hide("a", opened);
        assert.deepEqual(hiddenPlaces(hidden), [["env", "KEY"]]);
        assert.deepEqual(JSON.parse(JSON.stringify(hidden)), { env: { ...opened.env, KEY: "[secret]" } });
      } finally {
        delete process.env.CLUSTER_STORAGE_CONFIG_FILE;
        await rm(scratch, { recursive: true });
      }
    });

  it("is refused what stands beside config:, which the CLI passes over without a word", async () => {
    const text = "config:\n  p:services: {}\np:tls: { default: true }\np:access: {}\nencryptionsalt: v1:a\n";
    const message =
      "stands beside config: in Pulumi.test.yaml and not below it, so it has no effect; indent it below config:";
    const faults = ["tls", "access"].map((path) => ({ path, message }));
    assert.deepEqual(strayFaults(readStackYaml(text), "p", "Pulumi.test.yaml"), faults);
    const scratch = await mkdtemp(join(tmpdir(), "stack-file-"));
    process.env.CLUSTER_STORAGE_CONFIG_FILE = join(scratch, "Pulumi.test.yaml");
    try {
      await writeFile(process.env.CLUSTER_STORAGE_CONFIG_FILE, text);
      assert.deepEqual(new StackFile("test").strays("p"), faults);
      assert.deepEqual(new StackFile("test").strays("other"), []);
      await rm(process.env.CLUSTER_STORAGE_CONFIG_FILE);
      assert.deepEqual(new StackFile("test").strays("p"), []);
    } finally {
      delete process.env.CLUSTER_STORAGE_CONFIG_FILE;
      await rm(scratch, { recursive: true });
    }
    const planned = () =>
      planOf("config: {}\ncluster-storage:tls: { default: true }\n", { project: "cluster-storage", stack: "prod" });
    assert.throws(planned, (error: Error) =>
      error.message.includes(
        "cluster-storage:tls: stands beside config: in Pulumi.prod.yaml and not below it, so it has no effect; " +
          "indent it below config:",
      ),
    );
  });

  it("is read as the CLI reads it before it is called a slip", async () => {
    const scratch = await mkdtemp(join(tmpdir(), "stack-file-"));
    process.env.CLUSTER_STORAGE_STACKS = scratch;
    const text = "config:\n  a: &a { x: 1 }\n  b: &b { y: 1 }\n  c: { <<: *a, <<: *b }\n";
    try {
      await writeFile(join(scratch, "Pulumi.own.yaml"), text);
      assert.equal(await readStackConfig("own"), text);
    } finally {
      delete process.env.CLUSTER_STORAGE_STACKS;
      await rm(scratch, { recursive: true });
    }
  });

  it("that is no YAML is a fault with its line, not an unexpected error", async () => {
    const scratch = await mkdtemp(join(tmpdir(), "stack-file-"));
    process.env.CLUSTER_STORAGE_STACKS = scratch;
    try {
      for (const [text, says] of [
        [
          "config:\n  a: [1, 2\n  b: 3\n",
          /^Pulumi\.own\.yaml, line 3: Flow sequence in block collection .*\. Nothing was changed\.$/,
        ],
        ["config:\n  a: 1\n  a: 2\n", /^Pulumi\.own\.yaml, line 3: Map keys must be unique\. Nothing was changed\.$/],
      ] as const) {
        await writeFile(join(scratch, "Pulumi.own.yaml"), text);
        await assert.rejects(readStackConfig("own"), { name: "UserError", message: says });
      }
    } finally {
      delete process.env.CLUSTER_STORAGE_STACKS;
      await rm(scratch, { recursive: true });
    }
  });
});
