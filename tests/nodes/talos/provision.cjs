// How the fake talosctl's nodes make volumes: the part of Talos that the program relies on.

function refuse(message) {
  throw new Error(message);
}

const units = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };
function bytes(size) {
  if (size === undefined) return 0;
  const [, number, unit] = /^([0-9.]+)([A-Za-z]+)$/.exec(size) ?? refuse(`unhandled size name: ${size}`);
  return Number(number) * units[unit];
}

/** Evaluates the part of CEL that the program writes. */
function matches(expression, disk, node) {
  return expression.split(" && ").every((term) => {
    if (term === "!system_disk") return disk.dev_path !== node.systemDisk;
    const link = /^(".*") in disk\.symlinks$/.exec(term);
    if (link) return (disk.symlinks ?? []).includes(JSON.parse(link[1]));
    const same = /^disk\.(\w+) == (".*")$/.exec(term);
    if (same) return disk[same[1]] === JSON.parse(same[2]);
    const flag = /^(!?)disk\.(\w+)$/.exec(term);
    if (flag) return Boolean(disk[flag[2]]) !== (flag[1] === "!");
    return refuse(`no such expression: ${term}`);
  });
}

/** Makes the partition on the first disk that fits, as Talos does; never on what it doesn't take. */
function provision(node, name, document) {
  const id = `u-${name}`;
  const { provisioning = {}, encryption, volumeType = "partition" } = document;
  const before = node.volumestatus[id];
  node.volumeconfigs[id] = {
    type: volumeType,
    provisioning: {
      diskSelector: { match: provisioning.diskSelector?.match },
      partitionSpec: {
        minSize: bytes(provisioning.minSize),
        maxSize: bytes(provisioning.maxSize),
        grow: provisioning.grow ?? false,
        label: id,
      },
    },
  };
  if (volumeType === "directory") return void (node.volumestatus[id] = { phase: "ready", type: "directory" });
  const { minSize, maxSize, grow } = node.volumeconfigs[id].provisioning.partitionSpec;
  if (node.fail) return void (node.volumestatus[id] = { phase: "failed", type: "partition", errorMessage: node.fail });
  if (before?.size) {
    if (grow && maxSize > before.size) node.volumestatus[id] = { ...before, size: maxSize };
    return;
  }
  const disk = Object.values(node.disks).find((one) => matches(provisioning.diskSelector.match, one, node));
  if (!disk)
    return void (node.volumestatus[id] = {
      phase: "failed",
      type: "partition",
      errorMessage: "no disks matched selector for volume",
    });
  const parts = Object.values(node.discoveredvolumes).filter((one) => one.parent_dev_path === disk.dev_path);
  const offset = Math.max(2 ** 20, ...parts.map((one) => one.offset + one.size));
  const size = Math.min(maxSize || Infinity, disk.size - offset);
  if (size < minSize)
    return void (node.volumestatus[id] = { phase: "failed", type: "partition", errorMessage: "not enough space" });
  const device = `${disk.dev_path}${parts.length + 1}`;
  node.discoveredvolumes[disk.dev_path.replace("/dev/", "")] = {
    dev_path: disk.dev_path,
    type: "disk",
    offset: 0,
    size: disk.size,
    name: "gpt",
  };
  node.discoveredvolumes[device.replace("/dev/", "")] = {
    dev_path: device,
    type: "partition",
    parent_dev_path: disk.dev_path,
    offset,
    size,
    name: encryption ? "luks" : "xfs",
    partition_label: id,
  };
  node.volumestatus[id] = {
    phase: "ready",
    type: "partition",
    location: device,
    parentLocation: disk.dev_path,
    size,
    ...(encryption && { encryptionProvider: "luks2" }),
  };
}

module.exports = { provision };
