import assert from "node:assert/strict";
import { schema } from "../../../nodes/linux/config";
import { linuxSteps } from "../../../nodes/linux/steps";
import { quote } from "../../../model/shell";
import { asRoot } from "../../../nodes/linux/shell";
import { execFileSync } from "node:child_process";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBt0yD1s";

describe("the config of a node of type linux", () => {
  const faults = (more: object) => {
    const { error } = schema.safeParse({ type: "linux", hostKey, ...more });
    return Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [path.join("."), message]));
  };

  it("needs the key by which the node is known", () => {
    assert.deepEqual(faults({ hostKey: undefined }), { hostKey: "is missing" });
    assert.deepEqual(faults({ hostKey: "SHA256:47DEQpj8HBSa" }), {
      hostKey:
        "is no public key of an SSH server; it is what this prints on the node: cat /etc/ssh/ssh_host_ed25519_key.pub",
    });
    assert.deepEqual(faults({ hostKey: `${hostKey} root@node-a` }), {});
  });

  it("refuses names of devices that a restart can give to other disks", () => {
    const unstable =
      '"/dev/sdb" may be another disk after a restart; name it as in /dev/disk/by-id: ls -l /dev/disk/by-id';
    assert.deepEqual(faults({ volumeGroups: { vg0: ["/dev/sdb"] } }), { "volumeGroups.vg0.0": unstable });
    assert.deepEqual(faults({ mounts: { "/mnt/data": { device: "/dev/sdb" } } }), {
      "mounts./mnt/data.device": `${unstable}, UUID=… or LABEL=…`,
    });
    for (const device of ["UUID=2ed424a7-8609", "LABEL=data", "/dev/disk/by-id/nvme-WD_1", "/dev/mapper/vg-data"])
      assert.deepEqual(faults({ mounts: { "/mnt/data": { device } } }), {}, device);
  });

  it("refuses an RSA host key, with the reason", () =>
    assert.deepEqual(faults({ hostKey: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7" }), {
      hostKey:
        "is an RSA key. Pulumi's command plugin asks for a signature with SHA-1 then, and no SSH server of today " +
        "makes one; take another key of the node's: cat /etc/ssh/ssh_host_ed25519_key.pub",
    }));

  it("says how a name of a device is written that was taken from elsewhere", () => {
    const device = (name: string) => faults({ mounts: { "/mnt/data": { device: name } } })["mounts./mnt/data.device"];
    assert.equal(
      device("/dev/disk/by-uuid/2ed424a7"),
      '"/dev/disk/by-uuid/2ed424a7" is the name of a file system; write it as UUID=2ed424a7',
    );
    assert.equal(
      device("/dev/vg0/data"),
      '"/dev/vg0/data" is no name that stays; a logical volume is for instance /dev/mapper/vg0-data, UUID=… or LABEL=…',
    );
    assert.equal(
      device("nvme0n1"),
      '"nvme0n1" is no device; one is for instance /dev/disk/by-id/nvme-WD_BLACK_22, UUID=… or LABEL=…',
    );
  });

  const paths: [string, string][] = [
    ["/", `"/" is the node's whole file system; name a directory in it, for instance /var/mnt/local-path`],
    ["mnt/data", '"mnt/data" is relative; a path on the nodes begins with /'],
    ["/mnt/", '"/mnt/" is not in its shortest form; write it without "//", ".", ".." and a "/" at its end'],
    ["/mnt/../etc", '"/mnt/../etc" is not in its shortest form; write it without "//", ".", ".." and a "/" at its end'],
    ["/mnt/my data", '"/mnt/my data" has characters other than letters, digits, "/", ".", "_" and "-"'],
    ["/mnt/o'neil", `"/mnt/o'neil" has characters other than letters, digits, "/", ".", "_" and "-"`],
    ...["/var", "/var/lib/kubelet", "/etc", "/usr/share/data", "/boot/efi", "/dev/shm", "/home"].map(
      (path): [string, string] => [
        path,
        `"${path}" is a directory of the node's system; name one of your own, for instance /srv/local-path`,
      ],
    ),
    ...["/tmp/data", "/run/data", "/var/tmp"].map((path): [string, string] => [
      path,
      `"${path}" is emptied by the node itself; name one of your own, for instance /srv/local-path`,
    ]),
  ];
  for (const [path, message] of paths)
    it(`refuses the path ${path} for a mount, a directory and a label`, () => {
      const device = "LABEL=data";
      assert.deepEqual(faults({ mounts: { [path]: { device } } }), { [`mounts.${path}`]: message });
      assert.deepEqual(faults({ directories: { [path]: {} } }), { [`directories.${path}`]: message });
      assert.deepEqual(faults({ selinux: [path] }), { "selinux.0": message });
    });

  it("takes paths of one's own, wherever they are", () => {
    for (const path of ["/data", "/mnt", "/var/local-path", "/var/lib/longhorn", "/usr/local/data", "/home/k8s/data"])
      assert.deepEqual(faults({ directories: { [path]: {} } }), {}, path);
  });

  it("refuses a device, a package and a label that are there twice", () => {
    const b = "/dev/disk/by-id/b";
    const first = "is in volumeGroups.vg0[0] already; leave one of the two out";
    assert.deepEqual(
      faults({
        volumeGroups: { vg0: [b, b], vg1: [b] },
        mounts: { "/mnt/a": { device: b }, "/mnt/b": { device: "LABEL=b" }, "/mnt/c": { device: "LABEL=b" } },
        packages: ["lvm2", "lvm2"],
        selinux: ["/mnt/a", "/mnt/a"],
      }),
      {
        "volumeGroups.vg0.1": `"${b}" ${first}`,
        "volumeGroups.vg1.0": `"${b}" ${first}`,
        "mounts./mnt/a.device": `"${b}" ${first}`,
        "mounts./mnt/c.device": '"LABEL=b" is in mounts./mnt/b.device already; leave one of the two out',
        "packages.1": '"lvm2" is in packages[0] already; leave one of the two out',
        "selinux.1": '"/mnt/a" is in selinux[0] already; leave one of the two out',
      },
    );
  });

  it("refuses a group's name that LVM doesn't take, and options that undo the mount", () => {
    const form = 'is no name of a volume group; it has letters, digits, "_", "+", "." and "-", for instance vg0';
    for (const name of ["vg 0", "..", "-vg0", "vg0;reboot"])
      assert.deepEqual(faults({ volumeGroups: { [name]: ["/dev/disk/by-id/b"] } }), {
        [`volumeGroups.${name}`]: `"${name}" ${form}`,
      });
    assert.deepEqual(faults({ mounts: { "/mnt/a": { device: "LABEL=a", options: ["ro", "noauto"] } } }), {
      "mounts./mnt/a.options.0": '"ro" would let nothing be written there; leave it out',
      "mounts./mnt/a.options.1": '"noauto" would leave it unmounted when the node starts; leave it out',
    });
  });

  it("mounts what is in another mount after that", () => {
    const mounts = {
      "/mnt/a/b": { device: "LABEL=b" },
      "/srv": { device: "LABEL=c" },
      "/mnt/a": { device: "LABEL=a" },
    };
    const steps = linuxSteps(schema.parse({ type: "linux", hostKey, mounts }));
    assert.deepEqual(
      steps.map(({ id }) => id),
      ["mount-srv", "mount-mnt-a", "mount-mnt-a-b"],
    );
  });

  it("refuses what a shell would take for more than a name", () => {
    for (const more of [
      { packages: ["lvm2; reboot"] },
      { mounts: { "/mnt/data": { device: "LABEL=$(reboot)" } } },
      { mounts: { "/mnt/data": { device: "LABEL=a", options: ["noatime,x y"] } } },
      { directories: { "/srv": { owner: "root" } } },
      { directories: { "/srv": { mode: "rwx" } } },
      { selinux: ["/srv/$(reboot)"] },
      { volumeGroups: { vg0: [] } },
    ])
      assert.equal(Object.keys(faults(more)).length, 1, JSON.stringify(more));
  });
});

describe("a text in a script for a node", () => {
  it("is what it was, whatever is in it", () => {
    const text = `it's "$HOME" \`id\` \\ $(id) \n end`;
    assert.equal(execFileSync("sh", ["-c", `printf %s ${quote(text)}`], { encoding: "utf8" }), text);
    assert.equal(execFileSync("sh", ["-c", asRoot(`printf %s ${quote(text)}`, "root")], { encoding: "utf8" }), text);
  });
});
