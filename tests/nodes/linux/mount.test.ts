import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { schema } from "../../../nodes/linux/config";
import { linuxSteps } from "../../../nodes/linux/steps";
import { Ground } from "./shell";

describe("a mount on a node", () => {
  let ground: Ground;
  beforeEach(() => (ground = new Ground(["/dev/disk", "/etc/", "/mnt", "/sys/class", "/var/lib/cluster-storage"])));
  afterEach(() => ground.remove());

  it("makes no file system where only the second look at the disk finds none", function () {
    // Only root can make a device's node.
    if (process.getuid?.() !== 0) return this.skip();
    const device = "/dev/disk/by-id/data";
    const [{ job }] = linuxSteps(
      schema.parse({ type: "linux", hostKey: "ssh-ed25519 AAAA", mounts: { "/mnt/data": { device } } }),
    ) as [ReturnType<typeof linuxSteps>[number]];
    mkdirSync(join(ground.root, dirname(device)), { recursive: true });
    // No driver has this number, so nothing can be written there.
    execFileSync("mknod", [join(ground.root, device), "b", "254", "9999"]);
    ground.file("sys/class/block/data/dev", "254:9999");
    ground.file("sys/class/block/data/ro", "0");
    ground.file("sys/class/block/data/size", "2048");
    ground.program("findmnt", "exit 1");
    ground.program("mkfs.ext4", "exit 0");
    // It knows the file system once, and then fails.
    ground.program("blkid", `[ -e "${ground.root}/asked" ] && exit 4; touch "${ground.root}/asked"; echo ext4`);
    for (const tool of ["wipefs", "cmp", "blockdev"]) ground.program(tool, "exit 0");
    const { status, said } = ground.make(job);
    assert.equal(status, 1);
    assert.match(
      said,
      /^\/dev\/disk\/by-id\/data is not empty: it holds something that blkid is not sure of\. No file /,
    );
    assert.deepEqual(ground.calls("mkfs.ext4"), []);
  });
});
