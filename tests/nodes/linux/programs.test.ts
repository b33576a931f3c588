import assert from "node:assert/strict";
import type { Job } from "../../../nodes/linux/shell";
import { linuxSteps } from "../../../nodes/linux/steps";
import { schema } from "../../../nodes/linux/config";
import { Ground } from "./shell";

const jobOf = (settings: object): Job => {
  const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBt0yD1s";
  return linuxSteps(schema.parse({ type: "linux", hostKey, ...settings }))[0]!.job;
};

describe("a package on a node", () => {
  let ground: Ground;
  beforeEach(() => (ground = new Ground(["/run/", "/srv"])));
  afterEach(() => ground.remove());

  const iscsi = jobOf({ packages: ["open-iscsi"] });
  const lvm = jobOf({ packages: ["lvm2"] });
  const debian = (installed: boolean) =>
    ground.program("dpkg-query", installed ? "echo installed" : `[ -e ${ground.root}/there ] && echo installed`);
  const systemd = () => {
    ground.file("run/systemd/system/x", "");
    ground.program("systemctl", `case "$*" in enable*) touch ${ground.root}/runs;; esac; [ -e ${ground.root}/runs ]`);
  };

  it("that is there is left alone", () => {
    debian(true);
    ground.program("apt-get", "exit 1");
    assert.deepEqual(ground.look(lvm), { state: "done", words: "the package lvm2 is installed" });
    assert.deepEqual(ground.make(lvm), { status: 0, said: "the package lvm2 is installed" });
    assert.deepEqual(ground.calls("apt-get", "systemctl"), []);
  });

  it("of Debian is installed, removing nothing, and its service is started", () => {
    debian(false);
    systemd();
    ground.program("dpkg", "exit 0");
    ground.program("apt-get", `touch ${ground.root}/there`);
    assert.deepEqual(ground.look(iscsi), { state: "missing", words: "the package open-iscsi is not installed" });
    const said = "the package open-iscsi is installed, and iscsid runs";
    assert.deepEqual(ground.make(iscsi), { status: 0, said });
    const [install] = ground.calls("apt-get");
    assert.match(install!, / --no-install-recommends --no-remove install open-iscsi$/);
    assert.equal(
      ground.calls("systemctl").filter((call) => /enable/.test(call))[0],
      "systemctl enable --now iscsid.service",
    );
    assert.deepEqual(ground.make(iscsi), { status: 0, said });
    assert.equal(ground.calls("apt-get").length, 1);
  });

  it("whose service somebody stopped is started again", () => {
    debian(true);
    systemd();
    assert.deepEqual(ground.look(iscsi), { state: "missing", words: "iscsid does not start with the node" });
    assert.equal(ground.make(iscsi).status, 0);
    assert.deepEqual(ground.calls("apt-get"), []);
  });

  it("that can't be installed is said in the package manager's last words", () => {
    debian(false);
    ground.program("dpkg", "exit 0");
    ground.program("apt-get", 'echo "Reading"; echo "E: Unable to locate package lvm2" >&2; [ "$6" = update ]');
    assert.deepEqual(ground.make(lvm), {
      status: 1,
      said: "apt-get update failed: E: Unable to locate package lvm2",
    });
  });

  it("goes on after an installation that was killed", () => {
    debian(false);
    ground.program(
      "dpkg",
      `case $1 in --audit) [ -e ${ground.root}/clean ] || echo broken;; *) touch ${ground.root}/clean;; esac`,
    );
    ground.program("apt-get", `[ -e ${ground.root}/clean ] && touch ${ground.root}/there`);
    assert.equal(ground.make(lvm).status, 0);
    assert.deepEqual(ground.calls("dpkg").at(-1), "dpkg --configure -a --force-confdef --force-confold");
  });
});

describe("a package on a node that has rpm", () => {
  let ground: Ground;
  beforeEach(() => {
    ground = new Ground(["/run/"]);
    ground.without("dpkg-query", "dpkg", "apt-get", "rpm", "dnf", "yum", "zypper", "transactional-update");
    ground.program("rpm", `[ -e ${ground.root}/there ]`);
  });
  afterEach(() => ground.remove());

  const job = jobOf({ packages: ["nfs-common"] });
  const installs = (name: string) => ground.program(name, `touch ${ground.root}/there`);

  const managers: [string, string, string][] = [
    ["dnf", "nfs-utils", "dnf -q -y --setopt=install_weak_deps=False install nfs-utils"],
    ["yum", "nfs-utils", "yum -q -y install nfs-utils"],
    ["zypper", "nfs-client", "zypper --non-interactive install --no-recommends nfs-client"],
  ];
  for (const [manager, name, call] of managers) {
    it(`is installed once by ${manager}, under the name it has there`, () => {
      installs(manager);
      assert.deepEqual(ground.look(job), { state: "missing", words: `the package ${name} is not installed` });
      const done = { status: 0, said: `the package ${name} is installed` };
      assert.deepEqual(ground.make(job), done);
      assert.deepEqual(ground.make(job), done);
      assert.deepEqual(ground.calls(manager), [call]);
      assert(ground.calls("rpm").every((line) => line === `rpm -q ${name}`));
    });

    it(`that ${manager} can't install is said in its last words`, () => {
      ground.program(manager, 'echo "Loading" ; echo "No match for argument" >&2; exit 1');
      const said = `${manager} install ${name} failed: No match for argument`;
      assert.deepEqual(ground.make(job), { status: 1, said });
    });
  }

  it("is installed by dnf where yum is there as well, which is its other name", () => {
    installs("dnf");
    installs("yum");
    assert.equal(ground.make(job).status, 0);
    assert.deepEqual([ground.calls("dnf").length, ground.calls("yum").length], [1, 0]);
  });

  it("is refused where nothing can install it, and where the system is an image", () => {
    assert.deepEqual(ground.look(job), {
      state: "refused",
      words: "the node has none of apt-get, zypper, dnf and yum, which could install nfs-utils. Install it by hand.",
    });
    installs("dnf");
    ground.file("run/ostree-booted", "");
    const words =
      "the node's system is an image, in which packages can't be installed at run time. Put nfs-utils into the image " +
      "(rpm-ostree install nfs-utils, or transactional-update pkg install nfs-utils), and restart the node.";
    assert.deepEqual(ground.look(job), { state: "refused", words });
    assert.deepEqual(ground.make(job), { status: 1, said: words });
    assert.deepEqual(ground.calls("dnf"), []);
  });
});

describe("multipathd's exception on a node", () => {
  let ground: Ground;
  beforeEach(() => (ground = new Ground(["/etc/multipath", "/proc/[0-9]", "/sys/"])));
  afterEach(() => ground.remove());

  const job = jobOf({ multipathException: true });
  const file = "etc/multipath/conf.d/cluster-storage-longhorn.conf";

  it("is nothing where multipathd isn't", () =>
    assert.deepEqual(ground.look(job), {
      state: "done",
      words: "multipathd is not on the node, so nothing has to be excepted from it",
    }));

  it("is a file of its own, which multipathd reads at once", () => {
    ground.file("proc/12/comm", "multipathd\n");
    ground.file("etc/multipath/conf.d/other.conf", "their own");
    ground.program(
      "multipathd",
      `[ "$1" = reconfigure ] && touch ${ground.root}/read; [ -e ${ground.root}/read ] && cat ${ground.root}/${file}`,
    );
    assert.deepEqual(ground.look(job), { state: "missing", words: "multipathd has no exception for Longhorn's disks" });
    const said = "multipathd leaves Longhorn's disks alone";
    assert.deepEqual(ground.make(job), { status: 0, said });
    assert.match(ground.read(file), /blacklist \{\n {2}device \{\n {4}vendor "IET"\n {4}product "VIRTUAL-DISK"\n/);
    assert.equal(ground.read("etc/multipath/conf.d/other.conf"), "their own");
    assert.equal(ground.calls("multipathd").filter((call) => /reconfigure/.test(call)).length, 1);
    assert.deepEqual(ground.make(job), { status: 0, said });
    assert.equal(ground.calls("multipathd").filter((call) => /reconfigure/.test(call)).length, 1);
  });

  it("is not believed before multipathd goes by it", () => {
    ground.file("proc/12/comm", "multipathd\n");
    ground.program("multipathd", "echo 'blacklist {'; echo '}'");
    ground.program("sleep", "exit 0");
    assert.deepEqual(ground.make(job), {
      status: 1,
      said: `it was made and is not in effect: multipathd doesn't go by /${file} yet`,
    });
  });

  it("is refused where the node's own disks of that kind have several paths", () => {
    ground.file("proc/12/comm", "multipathd\n");
    ground.program("multipathd", "exit 0");
    ground.file("sys/block/dm-0/dm/uuid", "mpath-36000");
    ground.file("sys/block/dm-0/dm/name", "mpatha");
    ground.file("sys/block/dm-0/slaves/sdb/device/vendor", "IET     ");
    const why =
      "the node's own disks of the kind IET VIRTUAL-DISK have several paths (mpatha), and the exception would take " +
      "those from them. Nothing was changed. Except Longhorn's disks by hand: docs/backends/longhorn.md";
    assert.deepEqual(ground.look(job), { state: "refused", words: why });
    assert.deepEqual(ground.make(job), { status: 1, said: why });
    ground.file("sys/block/dm-0/slaves/sdb/device/vendor", "QEMU    ");
    assert.equal(ground.look(job)?.state, "missing");
  });
});
