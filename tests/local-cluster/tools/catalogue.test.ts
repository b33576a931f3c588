import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { clusterParts, testParts } from "../../../local-cluster/tools/catalogue";
import { goModule, programName } from "../../../local-cluster/tools/go";
import { digests, pluginVersions, versions } from "../../../local-cluster/versions";

const linux = { os: "linux", arch: "amd64" };
const parts = [...clusterParts(linux), ...testParts(linux)];
const pinned = (module: string) => readFileSync(path.join(goModule(module), "go.mod"), "utf8");

describe("the tools' catalogue", () => {
  it("has what the local cluster and the tests run", () => {
    assert.deepEqual(parts.flatMap(({ files }) => files).sort(), [
      "actionlint",
      "cni/bridge",
      "cni/host-local",
      "cni/loopback",
      "cni/portmap",
      "containerd",
      "containerd-shim-runc-v2",
      "coredns",
      "ctr",
      "etcd",
      "gitleaks",
      "kube-apiserver",
      "kube-controller-manager",
      "kube-proxy",
      "kube-scheduler",
      "kube-score",
      "kubeconform",
      "kubectl",
      "kubelet",
      "local-path-provisioner",
      "pulumi",
      "pulumi-language-nodejs",
      "pulumi-resource-pulumi-nodejs",
      "runc",
    ]);
  });

  for (const part of parts) {
    it(`${part.name}: download and build give the same files`, () => {
      const downloaded = part.releases.flatMap(({ take }) => (typeof take === "string" ? [take] : Object.values(take)));
      const built = [
        ...part.programs.flatMap(({ file, links = [] }) => (links.length > 0 ? links : [file])),
        ...(part.scripts ?? []).map(({ file }) => file),
      ];
      // What stands behind another program is not for the tools' directory.
      const behind = part.name === "pulumi" ? ["language-host", "policy-host.cjs"] : [];
      assert.deepEqual(built.sort(), [...part.files, ...behind].sort());
      if (part.releases.length > 0) assert.deepEqual(downloaded.sort(), [...part.files].sort());
    });

    it(`${part.name}: its releases carry its version, over https, with a checksum beside`, () => {
      for (const { url, checksumUrl } of part.releases) {
        assert.match(url, /^https:\/\/(dl\.k8s\.io|github\.com)\//);
        assert(url.includes(part.version), url);
        assert.equal(path.posix.dirname(checksumUrl), path.posix.dirname(url));
      }
    });
  }

  it("pins digests of its own releases, and says of which parts it has all", () => {
    const machines = ["linux", "darwin"].flatMap((os) => ["amd64", "arm64"].map((arch) => ({ os, arch })));
    const every = machines.flatMap((machine) => [...clusterParts(machine), ...testParts(machine)]);
    const urls = every.flatMap(({ releases }) => releases.map(({ url }) => url));
    for (const [url, digest] of Object.entries(digests)) {
      assert(urls.includes(url), `${url} is no release of these versions; npm run pin -- --tools drops it`);
      assert.match(digest, /^[0-9a-f]{64}$/, url);
    }
    const whole = parts.filter(({ releases }) => releases.length > 0 && releases.every(({ url }) => url in digests));
    assert.deepEqual(
      whole.map(({ name }) => name),
      ["runc", "cni", "kubeconform", "actionlint"],
    );
  });

  it("builds the versions that it would download", () => {
    const modules: [string, string, string][] = [
      ["tools", "k8s.io/kubernetes", versions.kubernetes],
      ["tools", "github.com/containerd/containerd/v2", versions.containerd],
      ["tools", "github.com/opencontainers/runc", versions.runc],
      ["tools", "github.com/containernetworking/plugins", versions.cni],
      ["tools", "go.etcd.io/etcd/server/v3", versions.etcd],
      ["tools", "github.com/coredns/coredns", versions.coredns],
      ["tools", "github.com/rancher/local-path-provisioner", versions.localPathProvisioner],
      ["tools", "github.com/yannh/kubeconform", versions.kubeconform],
      ["tools", "github.com/pulumi/pulumi/pkg/v3", versions.pulumi],
      ["language-host", "github.com/pulumi/pulumi/sdk/v3", versions.languageHost],
    ];
    for (const [module, name, version] of modules) {
      const found = pinned(module)
        .split("\n")
        .map((line) =>
          line
            .trim()
            .replace(/^require /, "")
            .replace(/ \/\/ indirect$/, ""),
        );
      assert(found.includes(`${name} v${version}`), `${name} v${version}`);
    }
  });

  it("has the Pulumi CLI at the SDK's version, and the command plugin at 1.2.1", () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
      dependencies: Record<string, string>;
    };
    assert.equal(dependencies["@pulumi/pulumi"], versions.pulumi);
    // npm's `latest` is 4.5.0, a stray publish without a plugin.
    assert.equal(pluginVersions.command, "1.2.1");
  });

  it("names other machines' releases in their projects' words", () => {
    const pulumi = `https://github.com/pulumi/pulumi/releases/download/v${versions.pulumi}/pulumi-v${versions.pulumi}`;
    const urls = (platform: { os: string; arch: string }, name: string) =>
      clusterParts(platform)
        .find((part) => part.name === name)!
        .releases.map(({ url }) => url);
    assert.deepEqual(urls({ os: "darwin", arch: "arm64" }, "pulumi"), [`${pulumi}-darwin-arm64.tar.gz`]);
    assert.deepEqual(urls({ os: "linux", arch: "arm64" }, "runc"), [
      `https://github.com/opencontainers/runc/releases/download/v${versions.runc}/runc.arm64`,
    ]);
    assert.equal(urls(linux, "pulumi")[0], `${pulumi}-linux-x64.tar.gz`);
  });
});

describe("the name that Go gives a program", () => {
  for (const [pkg, name] of [
    ["./kube", "kube"],
    ["go.etcd.io/etcd/server/v3", "server"],
    ["github.com/zegl/kube-score/cmd/kube-score@v1.20.0", "kube-score"],
    ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", "pulumi"],
  ] as const) {
    it(`${pkg}: ${name}`, () => assert.equal(programName(pkg), name));
  }
});
