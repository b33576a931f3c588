import assert from "node:assert/strict";
import { components, componentEnvironment } from "../../../local-cluster/instance/components";
import { configFiles } from "../../../local-cluster/instance/configs";
import { cgroupOf, layoutOf } from "../../../local-cluster/instance/layout";
import { parse } from "yaml";

const layout = layoutOf("unit", 2);
const find = (name: string, durable = true) =>
  components(layout, { tools: "/tools", durable }).find((component) => component.name === name)!;

describe("components", () => {
  it("start in an order in which each finds what it needs", () => {
    assert.deepEqual(
      components(layout, { tools: "/tools", durable: true }).map(({ name }) => name),
      [
        "etcd",
        "egress",
        "containerd",
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "kubelet",
        "kube-proxy",
        "coredns",
      ],
    );
  });

  it("let etcd skip the disk only in an instance that is thrown away", () => {
    assert.ok(!find("etcd").command.includes("--unsafe-no-fsync"));
    assert.ok(find("etcd", false).command.includes("--unsafe-no-fsync"));
  });

  it("advertise the slot's address and never loopback", () => {
    assert.ok(find("kube-apiserver").command.includes("--advertise-address=10.213.0.10"));
    assert.ok(find("kubelet").command.includes("--node-ip=10.213.0.10"));
  });

  it("pull images through the way out, which alone gets the machine's proxy", () => {
    const machine = { HTTPS_PROXY: "http://proxy.example:8080", PULUMI_CONFIG_PASSPHRASE: "secret" };
    assert.deepEqual(componentEnvironment(layout, "containerd", machine), {
      HTTPS_PROXY: "http://10.213.0.9:3128",
      NO_PROXY: "localhost,127.0.0.1",
    });
    assert.deepEqual(componentEnvironment(layout, "egress", machine), { HTTPS_PROXY: "http://proxy.example:8080" });
    assert.deepEqual(componentEnvironment(layout, "egress", {}), {});
    assert.deepEqual(componentEnvironment(layout, "kubelet", machine), {});
  });
});

describe("configuration files", () => {
  const files = configFiles(layout, "/tools", { snapshotter: "overlayfs", lowersOomScore: true });

  it("put the kubelet's pods into the instance's control groups and leave the machine's settings alone", () => {
    const kubelet = parse(files["kubelet.yaml"]!);
    assert.equal(kubelet.cgroupRoot, `/${cgroupOf("unit")}`);
    assert.equal(kubelet.cgroupDriver, "cgroupfs");
    assert.equal(kubelet.protectKernelDefaults, true);
    assert.equal(kubelet.imageGCHighThresholdPercent, 100);
    assert.deepEqual(kubelet.clusterDNS, ["10.244.0.1"]);
  });

  it("leave the machine's connection table alone", () => {
    assert.deepEqual(parse(files["kube-proxy.yaml"]!).conntrack, {
      maxPerCore: 0,
      min: 0,
      tcpEstablishedTimeout: "0s",
      tcpCloseWaitTimeout: "0s",
    });
  });

  it("name the imported pause image and the tools' own plugins", () => {
    const containerd = files["containerd.toml"]!;
    assert.match(containerd, /^version = 3$/m);
    assert.match(containerd, /^sandbox = "localhost\/cluster-storage\/pause:1"$/m);
    assert.match(containerd, /^bin_dirs = \["\/tools\/cni"\]$/m);
    assert.match(containerd, /^snapshotter = "overlayfs"$/m);
    assert.match(containerd, /^restrict_oom_score_adj = false$/m);
  });

  it("follow what the machine can't do", () => {
    const containerd = configFiles(layout, "/tools", { snapshotter: "native", lowersOomScore: false })[
      "containerd.toml"
    ]!;
    assert.match(containerd, /^snapshotter = "native"$/m);
    assert.match(containerd, /^restrict_oom_score_adj = true$/m);
  });

  it("have no socket whose path could be too long, wherever the instance is", () => {
    for (const [name, text] of Object.entries(files)) {
      for (const [socket] of text.matchAll(/[^\s"']*\.sock\b/g))
        assert.ok(socket.startsWith("/run/") || socket.startsWith("unix:///run/"), `${name}: ${socket}`);
    }
  });
});
