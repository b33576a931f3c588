import assert from "node:assert/strict";
import { kubeletOf } from "../../backends/shared/kubelet";
import { node, error, ok, stack, table } from "../preflight/cluster";
import { planOf } from "../stack";
import { seen } from "./nodes";

const k0s = (name: string) => node(name, { kubeletVersion: "v1.36.1+k0s.0" });
const microk8s = (name: string) => node(name, { labels: { "microk8s.io/cluster": "true" } });
const snap = "/var/snap/microk8s/common/var/lib/kubelet";

const at = (values: unknown, path: string) =>
  path.split(".").reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], values);

describe("a kubelet's directory", () => {
  it("is known by the distribution, and by what the probe pod saw before all else", () => {
    assert.deepEqual(kubeletOf(node("a")), { paths: ["/var/lib/kubelet"], seen: false });
    assert.deepEqual(kubeletOf(k0s("a")), {
      paths: ["/var/lib/k0s/kubelet"],
      seen: false,
      distribution: "k0s",
    });
    assert.deepEqual(kubeletOf(microk8s("a")), { paths: [snap], seen: false, distribution: "microk8s" });
    for (const version of ["v1.36.1+k3s1", "v1.36.1+rke2r1", "v1.36.1"])
      assert.deepEqual(kubeletOf(node("a", { kubeletVersion: version })).paths, ["/var/lib/kubelet"]);
    const moved = { ...k0s("a"), probe: seen("a", { kubelet: ["/data/kubelet", "/var/lib/k0s/kubelet"] }).probe };
    assert.deepEqual(kubeletOf(moved), { paths: ["/var/lib/k0s/kubelet", "/data/kubelet"], seen: true });
  });

  const entries: Record<string, [string, string, string]> = {
    nfs: ["type: nfs, server: nas, share: /x", "kubeletDir", "/var/lib/k0s/kubelet"],
    "openebs-lvm": ["type: openebs-lvm, volumeGroup: data", "lvmNode.kubeletDir", "/var/lib/k0s/kubelet/"],
    longhorn: ["type: longhorn", "csi.kubeletRootDir", "/var/lib/k0s/kubelet"],
    "rook-ceph": [
      "type: rook-ceph, deviceFilter: ^sdb$",
      "operatorConfig.driverSpecDefaults.nodePlugin.kubeletDirPath",
      "/var/lib/k0s/kubelet",
    ],
  };
  for (const [type, [entry, path, right]] of Object.entries(entries)) {
    const given = (cluster: string, backend: string) => {
      const { plan, faults } = planOf(`config:
  cluster-storage:cluster: { context: c, identifier: i${cluster} }
  cluster-storage:backends: { it: { ${entry}, default: true${backend} } }
  cluster-storage:services: {}`);
      assert.deepEqual(faults, []);
      return plan.backends[0]!.install!.charts!.map(({ values }) => at(values, path)).filter(
        (value) => value !== undefined,
      );
    };
    it(`reaches the chart of ${type} from the stack or the backend, which wins; else it is the chart's own`, () => {
      assert.deepEqual(given("", ""), []);
      assert.deepEqual(given(", kubeletDirectory: /var/lib/k0s/kubelet", ""), [right]);
      assert.deepEqual(given(", kubeletDirectory: /other", ", kubeletDirectory: /var/lib/k0s/kubelet"), [right]);
    });

    const having = (backend: object = {}) => {
      const own: Record<string, object> = {
        nfs: { server: "nas", share: "/x" },
        "openebs-lvm": { volumeGroup: "data" },
        longhorn: {},
        "rook-ceph": { deviceFilter: "^sdb$" },
      };
      return stack({ it: { type, ...own[type], default: true, ...backend } });
    };
    const wrong = (found: string, why: string, said: string, key: string, rest = "") =>
      error(
        `the kubelets of a and b keep their files in ${found}${why}, and the driver would look in ${said}: no volume ` +
          "could be mounted",
        `set cluster-storage:${key}: ${found}${rest}`,
      );
    const orAnother = ", or the --root-dir that you start the kubelets with";
    table(`${type}-kubelet`, [
      { title: "usual", stack: having(), says: [ok("the driver looks for the kubelets' files in /var/lib/kubelet")] },
      {
        title: "of k0s",
        stack: having(),
        facts: { nodes: [k0s("a"), k0s("b")] },
        says: [
          wrong("/var/lib/k0s/kubelet", ", as k0s does", "/var/lib/kubelet", "cluster.kubeletDirectory", orAnother),
        ],
      },
      {
        title: "of microk8s",
        stack: having(),
        facts: { nodes: [microk8s("a"), microk8s("b")] },
        says: [wrong(snap, ", as microk8s does", "/var/lib/kubelet", "cluster.kubeletDirectory", orAnother)],
      },
      {
        title: "of k0s, and said",
        stack: having({ kubeletDirectory: "/var/lib/k0s/kubelet" }),
        facts: { nodes: [k0s("a"), k0s("b")] },
        says: [ok("the driver looks for the kubelets' files in /var/lib/k0s/kubelet")],
      },
      {
        title: "said, and seen elsewhere",
        stack: having({ kubeletDirectory: "/var/lib/k0s/kubelet" }),
        facts: { nodes: ["a", "b"].map((name) => seen(name, { kubelet: ["/data/kubelet"] })) },
        says: [wrong("/data/kubelet", "", "/var/lib/k0s/kubelet", "backends.it.kubeletDirectory")],
      },
      {
        title: "said, and one of those seen",
        stack: having({ kubeletDirectory: "/data/kubelet" }),
        facts: { nodes: [seen("a", { kubelet: ["/var/lib/kubelet", "/data/kubelet"] })] },
        says: [ok("the driver looks for the kubelets' files in /data/kubelet")],
      },
      {
        title: "of two kinds",
        stack: having(),
        facts: { nodes: [k0s("a"), node("b")] },
        says: [
          error(
            "the kubelets keep their files in different directories (/var/lib/k0s/kubelet on a and /var/lib/kubelet " +
              "on b), and the driver's pods have the same one on all nodes",
            "start all kubelets with the same --root-dir (k0s: k0s worker --kubelet-root-dir), or keep the driver " +
              "off the other nodes by the chart's values and say which directory is meant: " +
              "cluster-storage:backends.it.kubeletDirectory",
          ),
        ],
      },
      { title: "of somebody else's driver", stack: having({ install: false }), facts: { nodes: [k0s("a")] }, says: [] },
    ]);
  }
});
