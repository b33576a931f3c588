import assert from "node:assert/strict";
import { hierarchies } from "../../../local-cluster/instance/cgroups";

const line = (point: string, type: string) => `31 23 0:28 / ${point} rw,relatime shared:9 - ${type} ${type} rw\n`;
const others = line("/", "ext4") + line("/sys/fs/cgroup", "tmpfs");

describe("control groups", () => {
  it("of version 1 have a tree for each controller, named once", () => {
    const memory = line("/sys/fs/cgroup/memory", "cgroup");
    assert.deepEqual(hierarchies(others + memory + line("/sys/fs/cgroup/pids", "cgroup") + memory), {
      version: 1,
      roots: ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids"],
      all: ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids"],
    });
  });

  it("of a hybrid machine are those of version 1, and version 2's tree to clean", () => {
    assert.deepEqual(
      hierarchies(others + line("/sys/fs/cgroup/memory", "cgroup") + line("/sys/fs/cgroup/unified", "cgroup2")),
      {
        version: 1,
        roots: ["/sys/fs/cgroup/memory"],
        all: ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified"],
      },
    );
  });

  it("of version 2 are one tree", () => {
    assert.deepEqual(hierarchies(others + line("/sys/fs/cgroup", "cgroup2")), {
      version: 2,
      roots: ["/sys/fs/cgroup"],
      all: ["/sys/fs/cgroup"],
    });
  });
});
