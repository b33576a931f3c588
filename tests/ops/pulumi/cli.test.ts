import assert from "node:assert/strict";
import { describeCliError, diagnostics } from "../../../ops/pulumi/cli-errors";
import { clusterOf } from "../../../ops/pulumi/project";
import { countChanges } from "../../../ops/pulumi/stack";
import { describeCounts, readProgress } from "../../../ops/start/deploy";
import { formatBytes } from "../../../model/quantity";
import { describeInventory, takeInventory } from "../../../ops/stop/inventory";
import { contextDirectory, fileBackend } from "../../../ops/pulumi/target";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

describe("what the Pulumi CLI says", () => {
  const told = (all: string, code?: string) =>
    describeCliError({ all, code, stderr: "", shortMessage: "Command failed" }, { name: "dev" }).message;
  const cases: [string, string][] = [
    [
      "error: getting secrets manager: passphrase: incorrect passphrase",
      'stack "dev": wrong passphrase (PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE); nothing was changed',
    ],
    [
      "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE",
      'stack "dev": its secrets need a passphrase; set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE',
    ],
    ["error: no stack named 'dve' found", 'no stack named "dve"; pulumi stack ls lists the stacks of your login'],
    [
      "error: the stack is currently locked by 1 lock(s). Either wait",
      'stack "dev" is locked by another update; if that update is dead: npm run recover -- --stack dev',
    ],
    [
      "error: PULUMI_ACCESS_TOKEN must be set for login",
      "not logged in to Pulumi: pulumi login, or set PULUMI_BACKEND_URL",
    ],
    ["doing\nerror: something else\n", 'stack "dev": error: something else'],
    ["", 'stack "dev": Command failed'],
  ];
  for (const [printed, message] of cases) {
    it(`becomes: ${message}`, () => assert.equal(told(printed), message));
  }
  it("is missing altogether", () => assert.equal(told("", "ENOENT"), "the Pulumi CLI (pulumi) is not on PATH"));

  it("is cut to its diagnostics", () => {
    const printed =
      " +  Pod x creating\nDiagnostics:\n  pulumi:pulumi:Stack (s):\n    error: no\n\nResources:\n    1 unchanged\n";
    assert.equal(diagnostics(printed), "Diagnostics:\n  pulumi:pulumi:Stack (s):\n    error: no");
    const long =
      "Diagnostics:\n  pulumi:pulumi:Stack (s):\n    warning: using pulumi-resource-random from $PATH at /bin/x\n" +
      "    error: no\n\nOutputs:\n    services: {\n    }\n\nResources:\n    1 unchanged\n";
    assert.equal(diagnostics(long), "Diagnostics:\n  pulumi:pulumi:Stack (s):\n    error: no");
  });
});

describe("the counts of an update", () => {
  it("are read from its summary", () => {
    const printed =
      "Outputs:\n    a: 5 apples\n\nResources:\n    + 12 created\n    ~ 1 updated\n    +-2 replaced\n    15 " +
      "changes. 60 unchanged\n\nDuration: 4s\n";
    assert.deepEqual(countChanges(printed), { created: 12, updated: 1, replaced: 2, unchanged: 60 });
    assert.equal(describeCounts({ created: 12, unchanged: 60 }), "12 created, 60 unchanged");
  });
  it("are none of what is printed above it", () => {
    assert.deepEqual(countChanges("Resources:\n    3 broken\n\nResources:\n    60 unchanged\n"), { unchanged: 60 });
  });
});

describe("readProgress", () => {
  it("shows what is being made, and no other line", () => {
    assert.equal(
      readProgress(" +  kubernetes:apps/v1:StatefulSet postgres creating (0s) "),
      "StatefulSet postgres creating",
    );
    assert.equal(readProgress(" +  kubernetes:apps/v1:StatefulSet postgres created (8s) "), undefined);
    assert.equal(readProgress("    pulumi:pulumi:Stack x running"), undefined);
  });
});

describe("fileBackend", () => {
  it("finds the directory of each way to write a file backend", () => {
    assert.equal(fileBackend("file:///srv/state"), "/srv/state");
    assert.equal(fileBackend("file:///srv/state?no_tmp_dir=true"), "/srv/state");
    assert.equal(fileBackend("file:///srv/a%20b"), "/srv/a b");
    assert.equal(fileBackend("file://~"), homedir());
    assert.equal(fileBackend("file://~/state"), join(homedir(), "state"));
  });
  it("has none for services and buckets", () => {
    assert.equal(fileBackend("https://app.pulumi.com/ann"), undefined);
    assert.equal(fileBackend("s3://bucket"), undefined);
    assert.equal(fileBackend(undefined), undefined);
  });
});

describe("contextDirectory", () => {
  it("is one directory for any context name", () => {
    assert.match(contextDirectory("arn:aws:eks:eu/cluster"), /\/contexts\/arn%3Aaws%3Aeks%3Aeu%2Fcluster$/);
    assert.match(contextDirectory("../../x"), /\/contexts\/\.\.%2F\.\.%2Fx$/);
  });
});

describe("clusterOf", () => {
  it("reads the context, and finds the kubeconfig from the program's directory or from home", () => {
    const project = "cluster-storage";
    const yaml = (kubeconfig: string) =>
      `config:\n  cluster-storage:cluster: { context: prod, identifier: p${kubeconfig} }\n`;
    assert.deepEqual(clusterOf(yaml(""), "prod", project), { context: "prod", kubeconfig: undefined });
    assert.equal(clusterOf(yaml(", kubeconfig: /etc/kube"), "prod", project).kubeconfig, "/etc/kube");
    assert.equal(clusterOf(yaml(", kubeconfig: ~/kube"), "prod", project).kubeconfig, join(homedir(), "kube"));
  });
  it("says what is missing", () => {
    assert.throws(() => clusterOf("config: {}\n", "prod", "cluster-storage"), {
      name: "UserError",
      message: "Pulumi.prod.yaml: cluster-storage:cluster has no context",
    });
  });
  it("finds it under the project's name, which may have changed", () => {
    const yaml = "config:\n  store:cluster: { context: home, identifier: home }\n";
    assert.equal(clusterOf(yaml, "prod", "store").context, "home");
    assert.throws(() => clusterOf(yaml, "prod", "shop"), { message: "Pulumi.prod.yaml: shop:cluster has no context" });
  });
});

describe("what npm stop --delete says", () => {
  it("is every volume with its size, and the rest", () => {
    const inventory = {
      volumes: [
        { name: "pvc-1_a_redis-data", bytes: 5 * 1024 ** 2 },
        { name: "pvc-2_b_n8n", bytes: 0 },
      ],
      cluster: 3 * 1024 ** 3,
      state: true,
      checkouts: ["/work/second", "/work/first"],
    };
    assert.equal(
      describeInventory(inventory),
      [
        "  volume pvc-1_a_redis-data  5.0 MiB",
        "  volume pvc-2_b_n8n         0 bytes",
        "  the cluster itself: every object in it, containers, logs  3.0 GiB",
        "  the Pulumi state and secrets of the stack on it",
        "  started last by the checkout /work/second, before that by /work/first",
      ].join("\n"),
    );
    assert.match(
      describeInventory({ volumes: [], cluster: 0, state: false, checkouts: [] }),
      /^ {2}no volumes\n.*0 bytes$/,
    );
  });
  it("finds the volumes of each backend's own directory", async () => {
    const directory = await mkdtemp(join(tmpdir(), "instance-"));
    for (const name of ["pvc-1_a_redis-data", "fast/pvc-2_a_redis-data-2"])
      await mkdir(join(directory, "volumes", name), { recursive: true });
    const { volumes, state } = await takeInventory(directory);
    await rm(directory, { recursive: true });
    assert.deepEqual(
      volumes.map(({ name }) => name),
      ["fast/pvc-2_a_redis-data-2", "pvc-1_a_redis-data"],
    );
    assert.equal(state, false);
  });
  it("counts in binary units", () => {
    assert.deepEqual([0, 1, 1023, 1024, 10 * 1024, 1536 * 1024].map(formatBytes), [
      "0 bytes",
      "1 byte",
      "1023 bytes",
      "1.0 KiB",
      "10.0 KiB",
      "1.5 MiB",
    ]);
  });
});
