import assert from "node:assert/strict";
import type { DoneStep } from "../../../model/node-preparation";
import { schema } from "../../../nodes/linux/config";
import { type Look, parseLooks } from "../../../nodes/linux/facts";
import { node as linux } from "../../../nodes/linux/node";
import { node as fact, nothingSeen } from "../../preflight/cluster";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBt0yD1s";
const config = (more: object) => schema.parse({ type: "linux", hostKey, ...more });
const access = { talos: {}, ssh: { user: "root", port: 22, agent: false } };

const disk = config({ mounts: { "/mnt/data": { device: "/dev/disk/by-id/a" } } });
const id = "mount-mnt-data";
const system = { selinux: { enforcing: false, labels: {} } };
const judge = (look: Look | undefined, done: Record<string, DoneStep> = {}, claims: string[] = []) =>
  linux.judge({ node: "a", settings: disk, facts: { looks: look ? { [id]: look } : {}, system }, done, claims })[0];
const step = { id, path: ["mounts", "/mnt/data"], words: "the mount /mnt/data" };
const anew: Look = { state: "anew", words: "/dev/disk/by-id/a has no file system yet" };
const before = { type: "linux", line: disk.mounts["/mnt/data"], round: 0 };

describe("what a node of type linux says of its steps", () => {
  it("is taken as it is where nothing was there before", () => {
    assert.deepEqual(judge({ state: "done", words: "x" }), { ...step, state: "done" });
    assert.deepEqual(judge(anew), { ...step, state: "missing", note: anew.words });
    assert.deepEqual(judge({ state: "refused", words: "It holds gpt." }), {
      ...step,
      state: "refused",
      why: "It holds gpt.",
    });
  });

  it("is a refusal where it says nothing", () =>
    assert.deepEqual(judge(undefined), {
      ...step,
      state: "refused",
      why: "the node didn't say how it stands. Nothing was changed.",
    }));

  it("is made anew where it is gone and no claim had data there", () =>
    assert.deepEqual(judge(anew, { [id]: before }), { ...step, state: "missing", note: anew.words }));

  it("is refused where it is gone and claims may have had data there", () => {
    const why =
      "an earlier update made it, and now /dev/disk/by-id/a has no file system yet; data/redis-data may have had " +
      "data there. Nothing was made anew, since that would hide where the data is. ";
    assert.deepEqual(judge(anew, { [id]: before }, ["data/redis-data"]), {
      ...step,
      state: "refused",
      why:
        why +
        "Look for its disk or directory on the node. Only if it held nothing: make it there by hand, and run pulumi " +
        "up again.",
    });
    const other = { ...before, line: { device: "/dev/disk/by-id/b" } };
    assert.deepEqual(judge(anew, { [id]: other }, ["data/redis-data"]), {
      ...step,
      state: "refused",
      why: `${why}Put the old line back.`,
    });
  });

  it("is mounted again where only the mount is gone", () =>
    assert.equal(
      judge({ state: "missing", words: "it is not mounted" }, { [id]: before }, ["data/redis-data"])?.state,
      "missing",
    ));
});

describe("a directory on a mount of a node of type linux", () => {
  const settings = config({
    mounts: { "/mnt/data": { device: "/dev/disk/by-id/a" } },
    directories: { "/mnt/data/volumes": {}, "/mnt/database": {} },
  });
  const [mount, on, beside] = linux.steps(settings, access);
  const done = Object.fromEntries(
    [mount, on, beside].map((each) => [each!.id, { type: "linux", line: each!.line, round: 0 }]),
  );
  const states = (mounted: Look, gone: Look = { state: "anew", words: "it is not there" }) => {
    const facts = { looks: { [mount!.id]: mounted, [on!.id]: gone, [beside!.id]: gone }, system };
    return linux.judge({ node: "a", settings, facts, done, claims: ["data/redis-data"] }).map(({ state }) => state);
  };

  it("is not called gone while the mount is only unmounted, and is where the mount is there", () => {
    assert.deepEqual(states({ state: "missing", words: "it is not mounted" }), ["missing", "missing", "refused"]);
    assert.deepEqual(states({ state: "done", words: "it is mounted" }), ["done", "refused", "refused"]);
  });

  it("is not refused for what the bare mount point is like", () => {
    const why: Look = { state: "refused", words: "/mnt/data is read-only on this node" };
    assert.deepEqual(states({ state: "missing", words: "it is not mounted" }, why), ["missing", "missing", "refused"]);
  });

  it("is refused with the mount where its disk is another one", () =>
    assert.deepEqual(states({ state: "anew", words: "it has no file system" }), ["refused", "missing", "refused"]));
});

describe("the steps of a node of type linux", () => {
  const all = config({
    packages: ["nfs-common"],
    multipathException: true,
    volumeGroups: { vg0: ["/dev/disk/by-id/b"] },
    mounts: { "/mnt/data": { device: "UUID=0815" } },
    directories: { "/mnt/data/local-path": { mode: "0750" } },
    selinux: ["/mnt/data/local-path"],
  });

  it("come in the order in which they need each other", () =>
    assert.deepEqual(
      linux.steps(all, access).map(({ id, words }) => [id, words]),
      [
        ["package-nfs-common", "the package nfs-common"],
        ["multipath-exception", "multipathd's exception for Longhorn's disks"],
        ["volume-group-vg0", "the volume group vg0"],
        ["mount-mnt-data", "the mount /mnt/data"],
        ["directory-mnt-data-local--path", "the directory /mnt/data/local-path"],
        ["label-mnt-data-local--path", "the SELinux label of /mnt/data/local-path"],
      ],
    ));

  it("have names that unlike paths don't share", () => {
    const ids = linux.steps(config({ directories: { "/a/b": {}, "/a-b": {}, "/a--b": {}, "/a-/b": {} } }), access);
    assert.equal(new Set(ids.map(({ id }) => id)).size, 4);
  });

  it("run as root, by sudo where the account is another one, and the command says what it is about", () => {
    const commands = (user: string) =>
      linux
        .steps(all, { ...access, ssh: { ...access.ssh, user } })
        .map(({ run }) => (run as { remote: string }).remote);
    assert.equal(commands("root")[3], "/bin/sh -s -- 'the mount /mnt/data'");
    assert.equal(commands("ops")[3], "sudo -n /bin/sh -s -- 'the mount /mnt/data'");
  });

  it("stay on the node when their lines go, and say how they are taken away by hand", () => {
    const said = linux.steps(all, access).map(({ id, line }) => linux.remains("a", id, line));
    assert.deepEqual(said, [
      "the package nfs-common stays on a. To take it away by hand: remove it with the node's package manager",
      "multipathd's exception for Longhorn's disks stays on a. To take it away by hand: " +
        "rm /etc/multipath/conf.d/cluster-storage-longhorn.conf && multipathd reconfigure",
      "the volume group vg0 with all its volumes stays on a. To take it away by hand: see what is on it (lvs vg0), " +
        "then vgremove vg0",
      "the mount /mnt/data with its files stays on a. To take it away by hand: umount /mnt/data, take its two lines " +
        "out of /etc/fstab, then chattr -i /mnt/data && rmdir /mnt/data",
      "the directory /mnt/data/local-path with its files stays on a. To take it away by hand: see what is in it, " +
        "then rm -r /mnt/data/local-path",
      "the SELinux label of /mnt/data/local-path stays on a. To take it away by hand: " +
        "semanage fcontext -d '/mnt/data/local-path(/.*)?' && restorecon -R /mnt/data/local-path",
    ]);
  });

  it("are foreseen by the cluster's checks", () => {
    const facts = { looks: {}, system: { ...system, multipathd: { runs: true, excepted: false } } };
    const { probe, system: seen } = linux.foresee({ ...fact("a"), probe: nothingSeen }, all, facts);
    assert.deepEqual(probe?.volumeGroups, ["vg0"]);
    assert.deepEqual(probe?.mounts.at(-1), {
      point: "/mnt/data",
      type: "ext4",
      device: "the disk of /mnt/data",
      readOnly: false,
      shared: true,
    });
    assert.deepEqual(seen, {
      multipathd: { runs: true, excepted: true },
      selinux: { enforcing: false, labels: { "/mnt/data/local-path": "container_file_t" } },
    });
  });
});

describe("what a look at a node prints", () => {
  const printed = [
    "step\tdirectory-srv\tdone\tthe directory /srv is there",
    "root\t0",
    "multipathd\truns",
    "multipath.conf\tblacklist {",
    'multipath.conf\t\tdevnode "^sd"',
    "multipath.conf\t}",
    "enforce\t1",
    "label\t/srv\tsystem_u:object_r:var_t:s0",
    "end",
    "",
  ].join("\n");

  it("is read line by line", () =>
    assert.deepEqual(parseLooks(printed), {
      looks: { "directory-srv": { state: "done", words: "the directory /srv is there" } },
      system: {
        multipathd: { runs: true, excepted: true },
        selinux: { enforcing: true, labels: { "/srv": "var_t" } },
      },
    }));

  it("is no answer where it was cut short, or is no root's", () => {
    assert.equal(parseLooks(printed.replace("end\n", "")), undefined);
    assert.equal(parseLooks(printed.replace("root\t0", "root\t1000")), undefined);
    assert.equal(parseLooks("Welcome!\n"), undefined);
  });
});
