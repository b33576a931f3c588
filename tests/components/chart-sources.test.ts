import assert from "node:assert/strict";
import { createBackend, release } from "./backend-created";

describe("where Helm fetches a chart", () => {
  const nfs = "type: nfs, server: nas.lan, share: /export";
  const fetched = async (backend: string, stack?: string, name = "csi-driver-nfs") => {
    const { chart, repositoryOpts, version } = release(await createBackend(backend, stack), name).inputs;
    return { chart, version, ...(repositoryOpts && { repositoryOpts }) };
  };
  const version = "4.13.4";
  const chart = "csi-driver-nfs";
  const official = "https://raw.githubusercontent.com/kubernetes-csi/csi-driver-nfs/master/charts";
  const from = (repo: string) => ({ chart, version, repositoryOpts: { repo } });
  const at = (chart: string) => ({ chart, version });
  const mirror = (place: string) => `  cluster-storage:charts: { mirror: '${place}' }`;

  it("is the official repository, the stack's mirror, the backend's repository or its chart", async () => {
    assert.deepEqual(await fetched(nfs), from(official));
    const lan = mirror("https://charts.lan/all/");
    assert.deepEqual(await fetched(nfs, lan), from("https://charts.lan/all"));
    assert.deepEqual(await fetched(`${nfs}, repository: 'http://nas.lan'`, lan), from("http://nas.lan"));
    assert.deepEqual(await fetched(`${nfs}, chart: charts/csi-driver-nfs`, lan), at("charts/csi-driver-nfs"));
  });

  it("can be a registry, a repository of helm's own list, or archives in the checkout", async () => {
    for (const [place, right] of [
      ["oci://harbor.lan:5000/charts", at("oci://harbor.lan:5000/charts/csi-driver-nfs")],
      ["lan", from("lan")],
      ["./charts", at("./charts/csi-driver-nfs-4.13.4.tgz")],
      ["../charts/", at("../charts/csi-driver-nfs-4.13.4.tgz")],
    ] as const) {
      assert.deepEqual(await fetched(nfs, mirror(place)), right);
      assert.deepEqual(await fetched(`${nfs}, repository: '${place}'`), right);
    }
    const own = "oci://ghcr.io/mine/csi-driver-nfs";
    assert.deepEqual(await fetched(`${nfs}, chart: '${own}'`), at(own));
  });

  it("is said for each of Rook's charts", async () => {
    const ceph =
      "type: rook-ceph, deviceFilter: ^sdb$, repository: 'https://rook.lan', driversRepository: lan, " +
      "operatorChart: ./charts/rook-ceph-v1.20.6.tgz";
    assert.deepEqual(await fetched(ceph, undefined, "rook-ceph"), {
      chart: "./charts/rook-ceph-v1.20.6.tgz",
      version: "v1.20.6",
    });
    assert.deepEqual(await fetched(ceph, undefined, "ceph-csi-drivers"), {
      chart: "ceph-csi-drivers",
      version: "1.0.4",
      repositoryOpts: { repo: "lan" },
    });
    assert.deepEqual(await fetched(ceph, undefined, "rook-ceph-cluster"), {
      chart: "rook-ceph-cluster",
      version: "v1.20.6",
      repositoryOpts: { repo: "https://rook.lan" },
    });
  });
});

describe("values of Rook's charts", () => {
  it("reach the operator, the drivers and the cluster, over ours", async () => {
    const all = await createBackend(
      "type: rook-ceph, deviceFilter: ^sdb$, " +
        "operatorValues: { logLevel: DEBUG, csi: { serviceMonitor: { enabled: true } } }, " +
        "driversValues: { operatorConfig: { driverSpecDefaults: { controllerPlugin: { replicas: 1 } } } }, " +
        "values: { toolbox: { enabled: true } }",
    );
    assert.deepEqual(release(all, "rook-ceph").inputs.values, {
      logLevel: "DEBUG",
      csi: { serviceMonitor: { enabled: true } },
    });
    const { operatorConfig, drivers } = release(all, "ceph-csi-drivers").inputs.values;
    assert.deepEqual(operatorConfig, {
      namespace: "rook-ceph",
      driverSpecDefaults: {
        imageSet: { name: "rook-csi-operator-image-set-configmap" },
        nodePlugin: { priorityClassName: "system-node-critical" },
        controllerPlugin: { priorityClassName: "system-cluster-critical", replicas: 1 },
      },
    });
    assert.equal(drivers.rbd.name, "rook-ceph.rbd.csi.ceph.com");
    const { toolbox, cephClusterSpec } = release(all, "rook-ceph-cluster").inputs.values;
    assert.deepEqual([toolbox, cephClusterSpec.dataDirHostPath], [{ enabled: true }, "/var/lib/rook"]);
  });
});
