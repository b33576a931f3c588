import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { schema } from "../../../nodes/linux/config";
import { lookScript, makeScript } from "../../../nodes/linux/shell";
import { linuxSteps } from "../../../nodes/linux/steps";
import { Ground } from "./shell";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBt0yD1s";
const stepsOf = (settings: object) => linuxSteps(schema.parse({ type: "linux", hostKey, ...settings }));
const jobOf = (more: object = {}, path = "/srv/data/volumes") => stepsOf({ directories: { [path]: more } })[0]!.job;

describe("a directory on a node", () => {
  let ground: Ground;
  beforeEach(() => (ground = new Ground(["/srv"])));
  afterEach(() => ground.remove());

  const mode = (path: string) => (statSync(join(ground.root, path)).mode & 0o7777).toString(8);

  it("is made with its mode, and what is in it stays", () => {
    const job = jobOf({ mode: "0750" });
    assert.deepEqual(ground.look(job), { state: "anew", words: "/srv/data/volumes is not there" });
    const done = { status: 0, said: "the directory /srv/data/volumes is there" };
    assert.deepEqual(ground.make(job), done);
    assert.deepEqual([mode("srv/data"), mode("srv/data/volumes")], ["755", "750"]);
    ground.file("srv/data/volumes/pvc-1/base", "precious");
    chmodSync(join(ground.root, "srv/data/volumes"), 0o700);
    assert.deepEqual(ground.look(job), {
      state: "missing",
      words: "/srv/data/volumes has the mode 700, and the config says 750",
    });
    assert.deepEqual(ground.make(job), done);
    assert.deepEqual([mode("srv/data/volumes"), ground.read("srv/data/volumes/pvc-1/base")], ["750", "precious"]);
  });

  it("keeps its mode and owner where the config says none", () => {
    ground.file("srv/data/volumes/x", "");
    chmodSync(join(ground.root, "srv/data/volumes"), 0o701);
    assert.equal(ground.make(jobOf()).status, 0);
    assert.equal(mode("srv/data/volumes"), "701");
  });

  const refused: [string, (ground: Ground) => void, string][] = [
    [
      "a file",
      (at) => at.file("srv/data/volumes", ""),
      "/srv/data/volumes is there and is no directory. Name another path, or move away what is there.",
    ],
    [
      "below a file",
      (at) => at.file("srv/data", ""),
      "/srv/data is no directory, so /srv/data/volumes can't be made. Name another path.",
    ],
    [
      "a symbolic link",
      (at) => {
        at.file("srv/data/x", "");
        symlinkSync("/elsewhere", join(at.root, "srv/data/volumes"));
      },
      "/srv/data/volumes is a symbolic link to /elsewhere, and volumes need a directory. Name that directory in the " +
        "config.",
    ],
  ];
  for (const [title, prepare, words] of refused)
    it(`is refused where it is ${title}`, () => {
      prepare(ground);
      assert.deepEqual(ground.look(jobOf()), { state: "refused", words });
      assert.deepEqual(ground.make(jobOf()), { status: 1, said: words });
    });
});

describe("the scripts for a node", () => {
  const steps = stepsOf({
    packages: ["lvm2"],
    multipathException: true,
    volumeGroups: { vg0: ["/dev/disk/by-id/b"] },
    mounts: { "/mnt/data": { device: "LABEL=a" } },
    directories: { "/mnt/data/a": {} },
    selinux: ["/mnt/data/a"],
  });

  it("are a POSIX shell's, each and all together", () => {
    const look = lookScript(
      steps.map(({ id, job }) => ({ id, ...job })),
      ["/mnt/data"],
    );
    for (const script of [look, ...steps.map(({ job }) => makeScript(job))]) {
      const { status, stderr } = spawnSync("sh", ["-n"], { input: script, encoding: "utf8" });
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    }
  });

  it("never force LVM, and force a file system only over one that they began themselves", () => {
    const text = steps.map(({ job }) => makeScript(job)).join("\n");
    const lines = text.split("\n").filter((line) => /vgcreate|pvcreate|wipefs|mkfs\.|mke2fs|\bdd\b/.test(line));
    const forced = lines.filter((line) => /\s-(f|y|ff|F|a|-force|-yes|-all)\b/.test(line)).map((line) => line.trim());
    assert.deepEqual(forced, ['try "mkfs.xfs failed on $device" mkfs.xfs -q -f -m "uuid=$uuid" "$dev"']);
    const own =
      /if \[ "\$\(value_of UUID\)" = "\$uuid" \]; then\n\s*try "mkfs\.xfs failed on \$device" mkfs\.xfs -q -f/;
    assert.match(text, own);
  });
});
