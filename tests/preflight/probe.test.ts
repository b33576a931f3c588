import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mountTrouble } from "../../ops/pods/run-pod";
import { parseProbe } from "../../preflight/probe/parse";
import { refuseRemoval } from "../../ops/preflight/probe-namespace";
import { exportPod, looksAtNode, nodePod, probeNamespace } from "../../preflight/probe/pod";
import { host, probeScript } from "../../preflight/probe/script";

const printed = `## mounts
1 0 0:50 / / rw - overlay overlay rw
2 1 8:1 / /host ro,relatime master:1 - ext4 /dev/sda1 rw
3 2 8:17 / /host/var/mnt/disk rw,relatime master:2 - xfs /dev/sdb1 rw
4 2 8:33 /x /host/mnt/a\\040disk ro,relatime - ext4 /dev/sdc1 rw
5 2 0:99 / /host/opt rw shared:9 - squashfs /dev/loop0 ro,errors=continue
6 1 0:51 / /hosts rw - tmpfs tmpfs rw
## page
KernelPageSize:       16 kB
## modules
iscsi_tcp
dm_mod
## programs
iscsiadm
iscsiadm
## paths
/var/mnt/disk /var/mnt/disk /dev/sdb1 100 40 60 40% /host/var/mnt/disk
/srv/none /srv /dev/sda1 200 100 100 50% /host
## disks
sda 8:0 4096 0 yes
sdb 8:16 2048 0 no
sdc 8:32 2048 1 no
sdd 8:33 2048 0 no
sr0 11:0 2048 0 no
nvme0n1 259:0 0 0 no
## encryption
8:1 no - 
8:17 no - 
253:0 yes CRYPT-LUKS2-0815-luks luks
253:1 yes LVM-abc my--group-data
253:2 no LVM-def my--group-more--data
253:3 yes LVM-ghi other-data
## groups
/host/run/lvm/vgs_online:
data
/host/etc/lvm/backup:
data
other
## end
`;

describe("what a probe pod prints", () => {
  it("is read section by section", () => {
    assert.deepEqual(parseProbe(printed), {
      mounts: [
        { point: "/", type: "ext4", device: "8:1", readOnly: false, shared: true },
        { point: "/var/mnt/disk", type: "xfs", device: "8:17", readOnly: false, shared: true },
        { point: "/mnt/a disk", type: "ext4", device: "8:33", readOnly: true, shared: false },
        { point: "/opt", type: "squashfs", device: "0:99", readOnly: true, shared: true },
      ],
      pageSize: 16_384,
      modules: ["iscsi_tcp", "dm_mod"],
      programs: ["iscsiadm"],
      paths: {
        "/var/mnt/disk": { existing: "/var/mnt/disk", capacity: 102_400, available: 61_440 },
        "/srv/none": { existing: "/srv", capacity: 204_800, available: 102_400 },
      },
      // In use, read-only, mounted, no disk, and without a medium: only one is raw.
      devices: [
        { name: "sda", bytes: 2_097_152, raw: false },
        { name: "sdb", bytes: 1_048_576, raw: true },
        { name: "sdc", bytes: 1_048_576, raw: false },
        { name: "sdd", bytes: 1_048_576, raw: false },
      ],
      encrypted: { "8:1": false, "8:17": false, "253:0": true, "253:1": true, "253:2": false, "253:3": true },
      // One volume in the open is enough.
      encryptedGroups: { "my-group": false, other: true },
      volumeGroups: ["data", "other"],
      system: { selinux: { enforcing: false, labels: {} } },
    });
  });

  it("is no answer where it was cut short", () => assert.equal(parseProbe(printed.replace("## end\n", "")), undefined));

  it("comes of a script that a shell runs", () => {
    const root = mkdtempSync(join(tmpdir(), "host-"));
    mkdirSync(join(root, "usr/sbin"), { recursive: true });
    mkdirSync(join(root, "srv/volumes"), { recursive: true });
    mkdirSync(join(root, "etc/lvm/backup"), { recursive: true });
    writeFileSync(join(root, "usr/sbin/iscsiadm"), "", { mode: 0o755 });
    writeFileSync(join(root, "etc/lvm/backup/data"), "");
    const script = probeScript({
      paths: ["/srv/volumes", "/srv/none/deep", "/none"],
      programs: ["iscsiadm", "other"],
    }).replaceAll(host, root);
    const seen = parseProbe(execFileSync("sh", ["-c", script], { encoding: "utf8" }));
    rmSync(root, { recursive: true });
    assert.deepEqual(seen?.programs, ["iscsiadm"]);
    assert.deepEqual(seen?.volumeGroups, ["data"]);
    assert.ok([4096, 16_384, 65_536].includes(seen?.pageSize ?? 0));
    assert.ok(Object.keys(seen?.encrypted ?? {}).length > 0);
    assert.deepEqual(
      Object.entries(seen?.paths ?? {}).map(([path, { existing }]) => [path, existing]),
      [
        ["/srv/volumes", "/srv/volumes"],
        ["/srv/none/deep", "/srv"],
        ["/none", "/"],
      ],
    );
    for (const { capacity, available } of Object.values(seen?.paths ?? {}))
      assert.ok(capacity > 0 && available > 0 && available <= capacity);
  });
});

describe("a probe pod", () => {
  const { spec } = nodePod("a", "busybox:1", { paths: ["/data"] });
  const [container] = spec!.containers;

  it("has the node's file system read-only, and no privileges", () => {
    assert.deepEqual(spec?.volumes, [{ name: "seen", hostPath: { path: "/", type: "Directory" } }]);
    assert.deepEqual(container?.volumeMounts, [
      { name: "seen", mountPath: "/host", readOnly: true, mountPropagation: "HostToContainer" },
    ]);
    assert.deepEqual(container?.securityContext, {
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
    for (const key of ["hostPID", "hostNetwork", "hostIPC", "serviceAccountName"]) assert.ok(!(key in spec!), key);
    assert.deepEqual(
      [spec?.nodeName, spec?.automountServiceAccountToken, spec?.restartPolicy, spec?.activeDeadlineSeconds],
      ["a", false, "Never", 60],
    );
  });

  it("that only mounts an export runs as nobody, where privileges are refused", () => {
    const { spec } = exportPod("a", "busybox:1", "nas", "/srv");
    assert.deepEqual(spec?.volumes, [{ name: "seen", nfs: { server: "nas", path: "/srv", readOnly: true } }]);
    assert.equal(spec?.containers[0]?.securityContext?.runAsUser, 65534);
    const level = (questions: Parameters<typeof probeNamespace>[0]) =>
      probeNamespace(questions).metadata?.labels?.["pod-security.kubernetes.io/enforce"];
    assert.deepEqual(
      [level({ exports: [{ server: "nas", share: "/srv" }] }), level({ disks: true }), level({ paths: ["/a"] })],
      ["baseline", "privileged", "privileged"],
    );
    assert.equal(looksAtNode({ kubelets: true, servers: ["nas"] }), false);
  });

  it("says of a failed mount what mount printed", () => {
    assert.equal(
      mountTrouble("MountVolume.SetUp failed\nMounting command: mount\nOutput: mount.nfs: access denied by server\n"),
      "mount.nfs: access denied by server",
    );
    assert.equal(mountTrouble("MountVolume.SetUp failed: timeout\nmore"), "MountVolume.SetUp failed: timeout");
  });
});

describe("the namespace of the probe pods", () => {
  const name = "cluster-storage-preflight";
  const instead =
    "so it is not deleted, and no probe pod runs; use npm run preflight without --probe, or clear it by hand";

  it("is deleted where it is the probe's own", () => assert.equal(refuseRemoval(probeNamespace({}), []), undefined));

  it("is left where somebody else made it, or has data in it", () => {
    assert.equal(
      refuseRemoval({ metadata: { name } }, []),
      `namespace ${name} is in the cluster and was not made by npm run preflight, ${instead}`,
    );
    assert.equal(refuseRemoval(probeNamespace({}), ["a", "b"]), `namespace ${name} has claims (a, b), ${instead}`);
  });
});
