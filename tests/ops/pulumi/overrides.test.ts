import assert from "node:assert/strict";
import { parse } from "yaml";
import { encryptionSalt, overrideConfig } from "../../../ops/pulumi/overrides";
import { contextOverrides, localOverrides } from "../../../ops/start/overrides";

const committed = `config:
  pulumi:autonaming: { mode: disabled }
  # Which cluster.
  cluster-storage:cluster: { context: minikube, kubeconfig: ~/.kube/mini, identifier: dev, strict: true }
  cluster-storage:services:
    redis: { size: 1Gi } # small
    postgres: { size: 2Gi }
`;

const info = {
  name: "main",
  dir: "/state/main",
  kubeconfig: "/state/main/kubeconfig",
  context: "cluster-storage-main",
  server: "https://10.213.0.2:6443",
  volumes: "/state/main/volumes",
  node: "local",
};

const images = {
  archives: [],
  overrides: {
    redis: { image: "localhost/cluster-storage/redis:1", standIn: false },
    n8n: { image: "localhost/cluster-storage/stand-in-n8n:1", standIn: true },
  },
  provisioner: { image: "localhost/cluster-storage/provisioner:1", version: "v0.0.30" },
  helper: "localhost/cluster-storage/helper:1",
  mover: "localhost/cluster-storage/mover:1",
  pause: "localhost/cluster-storage/pause:1",
};

describe("overrideConfig", () => {
  it("lays values over what an alias or a merged map says, and drops another stack's secrets there", () => {
    const aliased = `config:
  shared: &env { KEY: { secure: v1:a }, MODE: plain }
  cluster-storage:services:
    taskflow: { env: *env, size: 1Gi }
    pinboard: { env: { <<: *env, MODE: own } }
`;
    const overrides = { "cluster-storage:services": { taskflow: { env: { MORE: "x" } } } };
    const env = { KEY: "not-the-real-secret", MODE: "plain" };
    assert.deepEqual((parse(overrideConfig(aliased, overrides)) as { config: unknown }).config, {
      shared: env,
      "cluster-storage:services": {
        taskflow: { env: { ...env, MORE: "x" }, size: "1Gi" },
        pinboard: { env: { ...env, MODE: "own" } },
      },
    });
  });

  it("lays values over the config and keeps the rest, comments included", () => {
    const result = overrideConfig(committed, {
      "cluster-storage:cluster": { context: "other" },
      "cluster-storage:services": { redis: { image: "mine:1" } },
    });
    assert.equal(
      result,
      `config:
  pulumi:autonaming: { mode: disabled }
  # Which cluster.
  cluster-storage:cluster: { context: other, kubeconfig: ~/.kube/mini, identifier: dev, strict: true }
  cluster-storage:services:
    redis: { size: 1Gi, image: mine:1 } # small
    postgres: { size: 2Gi }
`,
    );
  });

  it("removes what is undefined", () => {
    assert.equal(overrideConfig("config:\n  a: { b: 1, c: 2 }\n", { a: { b: undefined } }), "config:\n  a: { c: 2 }\n");
  });

  it("replaces lists and scalars whole, also a scalar by a map", () => {
    assert.equal(
      overrideConfig("config:\n  a: [1, 2]\n  b: 3\n", { a: [4], b: { c: 5 } }),
      "config:\n  a:\n    - 4\n  b:\n    c: 5\n",
    );
  });

  it("makes the config block where there is none", () => {
    assert.equal(overrideConfig("", { a: { b: 1 } }), "config:\n  a:\n    b: 1\n");
  });

  it("carries Pulumi's salt over, and puts none where there is none", () => {
    const salted = overrideConfig(committed, {}, "v1:abc");
    assert.equal(encryptionSalt(salted), "v1:abc");
    assert.equal(encryptionSalt(overrideConfig(committed, {})), undefined);
  });

  it("has a stand-in for a secret of another stack, and keeps those that its own salt encrypted", () => {
    const file = `config:
  cluster-storage:services:
    taskflow:
      env: { MODE: plain, API_KEY: { secure: v1:abc } } # theirs
encryptionsalt: v1:salt
`;
    const plain = file.replace("{ secure: v1:abc }", "not-the-real-secret");
    assert.equal(overrideConfig(file, {}), plain.replace("encryptionsalt: v1:salt\n", ""));
    assert.equal(overrideConfig(file, {}, "v1:other"), plain.replace("v1:salt", "v1:other"));
    assert.equal(overrideConfig(file, {}, "v1:salt"), file);
    assert.equal(
      overrideConfig(`${file}secretsprovider: awskms://a\nencryptedkey: b\n`, {}, "v1:other"),
      plain.replace("v1:salt", "v1:other"),
    );
  });

  it("gives the same text when laid over twice", () => {
    const overrides = localOverrides(info, { services: ["redis"], localPaths: ["local-path"] }, images);
    const once = overrideConfig(committed, overrides, "v1:abc");
    assert.equal(overrideConfig(once, overrides, "v1:abc"), once);
  });
});

describe("localOverrides", () => {
  it("names the local cluster and its own images, for the stack's services only", () => {
    assert.deepEqual(localOverrides(info, { services: ["redis", "postgres"], localPaths: ["local-path"] }, images), {
      "cluster-storage:cluster": {
        context: "cluster-storage-main",
        kubeconfig: "/state/main/kubeconfig",
        identifier: "cluster-storage-main",
      },
      "cluster-storage:backends": {
        "local-path": {
          path: "/state/main/volumes",
          sharedDisk: true,
          overCommit: "warn",
          version: "v0.0.30",
          image: "localhost/cluster-storage/provisioner:1",
          helperImage: "localhost/cluster-storage/helper:1",
          allowVulnerable: "a throw-away cluster on this machine, for which no newer version can be had here",
        },
      },
      "cluster-storage:mover": { image: "localhost/cluster-storage/mover:1" },
      "cluster-storage:preflight": { probeImage: "localhost/cluster-storage/helper:1" },
      "cluster-storage:services": { redis: { image: { ref: "localhost/cluster-storage/redis:1", standIn: false } } },
    });
  });

  it("leaves versions and images as committed where they can be pulled", () => {
    assert.deepEqual(localOverrides(info, { services: ["redis"], localPaths: ["local-path"] }), {
      "cluster-storage:cluster": {
        context: "cluster-storage-main",
        kubeconfig: "/state/main/kubeconfig",
        identifier: "cluster-storage-main",
      },
      "cluster-storage:backends": {
        "local-path": { path: "/state/main/volumes", sharedDisk: true, overCommit: "warn" },
      },
    });
  });
});

describe("several local-path backends", () => {
  it("have directories of their own, and a backend of another type is left as committed", () => {
    assert.deepEqual(
      localOverrides(info, { services: [], localPaths: ["local-path", "fast"] })["cluster-storage:backends"],
      {
        "local-path": { path: "/state/main/volumes", sharedDisk: true, overCommit: "warn" },
        fast: { path: "/state/main/volumes/fast", sharedDisk: true, overCommit: "warn" },
      },
    );
  });
});

describe("contextOverrides", () => {
  it("changes the cluster and nothing else: no image, no version", () => {
    const result = overrideConfig(committed, contextOverrides("kind-mine"));
    assert.equal(
      result,
      committed.replace(
        "{ context: minikube, kubeconfig: ~/.kube/mini, identifier: dev, strict: true }",
        "{ context: kind-mine, identifier: kind-mine, strict: true }",
      ),
    );
  });
});
