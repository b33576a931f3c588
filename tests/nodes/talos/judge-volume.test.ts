import assert from "node:assert/strict";
import type { TalosNodeFacts } from "../../../nodes/talos/node-facts";
import { GiB } from "./fake";
import { disk, empty, facts, type Known, made, part, said, volume } from "./said";

describe("a user volume that the config asks for", () => {
  const cases: [string, object, TalosNodeFacts, string, Known?][] = [
    ["an empty disk", volume(), facts(), "missing: it goes to /dev/sdb, 500.0 GiB, serial DATA"],
    [
      "no such disk",
      volume({}, { serial: "OTHER" }),
      facts(),
      "no disk of the node is what disk says. Its disks: /dev/sda, 500.0 GiB, serial SYS; /dev/sdb, 500.0 " +
        "GiB, serial DATA",
    ],
    [
      "several disks",
      volume({}, { rotational: false }),
      facts({ disks: [disk, { ...disk, device: "/dev/sdc", serial: "MORE" }] }),
      "/dev/sdb and /dev/sdc are all what disk says. Say more, so that only one is; its disks: /dev/sdb, 500.0 GiB, " +
        "serial DATA; /dev/sdc, 500.0 GiB, serial MORE",
    ],
    [
      "the system's disk",
      volume({}, { serial: "SYS" }),
      facts(),
      "/dev/sda is the disk that Talos itself is on. Its disks: /dev/sda, 500.0 GiB, serial SYS; " +
        "/dev/sdb, 500.0 GiB, " +
        "serial DATA",
    ],
    [
      "a disk that can only be read",
      volume(),
      facts({ disks: [{ ...disk, readOnly: true }] }),
      "/dev/sdb can only be read",
    ],
    [
      "a file system on the whole disk",
      volume(),
      facts({ found: [{ ...empty, name: "ext4" }] }),
      "/dev/sdb is not empty: it holds ext4. It was left as it is. Name another disk; or, where nobody " +
        "needs what is on " +
        "it: talosctl -n NODE wipe disk sdb",
    ],
    [
      "somebody's partition",
      volume(),
      facts({ found: [{ ...empty, name: "gpt" }, part({ name: "ntfs", label: "Basic data" })] }),
      "/dev/sdb is not empty: it holds the partition /dev/sdb1 (Basic data). It was left as it is. Name " +
        "another disk; " +
        "or, where nobody needs what is on it: talosctl -n NODE wipe disk sdb",
    ],
    [
      "another user volume, with room behind it",
      volume(),
      facts({ found: [{ ...empty, name: "gpt" }, part({ name: "xfs", label: "u-other" })] }),
      "missing: it goes to /dev/sdb, 500.0 GiB, serial DATA",
    ],
    [
      "too little room",
      volume({ minSize: "400Gi" }),
      facts({ found: [{ ...empty, name: "gpt" }, part({ name: "xfs", label: "u-other" })] }),
      "/dev/sdb has 300.0 GiB free, less than minSize, 400Gi. Write a smaller one, or name another disk",
    ],
    [
      "a volume of this name from before",
      volume(),
      facts({ found: [{ ...empty, name: "gpt" }, part({ name: "xfs", label: "u-data" })] }),
      "missing: /dev/sdb1 is a volume of this name and is taken up again with what it holds",
    ],
    [
      "something else of this name",
      volume(),
      facts({ found: [{ ...empty, name: "gpt" }, part({ name: "ext4", label: "u-data" })] }),
      "/dev/sdb1 has the label of this volume and holds ext4, where xfs is expected. It was left as it is. Give the " +
        "volume another name",
    ],
    [
      "a larger volume than maxSize",
      volume({ maxSize: "150Gi" }),
      made(),
      "the partition has 200.0 GiB, and maxSize is 150Gi: Talos makes no partition smaller. Write a " +
        "maxSize of at least " +
        "200.0 GiB, or leave it out",
    ],
    [
      "a smaller one than minSize",
      volume({ minSize: "300Gi" }),
      made(),
      "the partition has 200.0 GiB, and minSize is 300Gi: Talos doesn't make it larger without grow: " +
        "true. Set that, or " +
        "write the minSize that it has",
    ],
    ["one that can grow", volume({ minSize: "300Gi", grow: true }), made(), "missing"],
    [
      "one that has no room to grow",
      volume({ minSize: "300Gi", grow: true }),
      made({}, [part({ device: "/dev/sdb2", label: "u-more", offset: 250 * GiB, size: 250 * GiB })]),
      "the partition has 200.0 GiB, and 50.0 GiB are free behind it on /dev/sdb, so that it can't grow " +
        "to minSize, 300Gi. " +
        "Write a smaller one, or give another volume a larger disk",
    ],
    [
      "encryption that comes later",
      volume({ encryption: { key: "tpm" } }),
      made(),
      "it is not encrypted, and Talos encrypts a volume only when it makes it. Give the new volume another name, and " +
        "move the data there (npm run move)",
    ],
    [
      "encryption that goes",
      volume(),
      made({ encrypted: true }),
      "it is encrypted, and Talos encrypts a volume only when it makes it. Give the new volume another " +
        "name, and move " +
        "the data there (npm run move)",
    ],
    [
      "a directory in place of a partition",
      { volumes: { data: { directory: true } } },
      made(),
      "Talos made it as a partition, and it can't be made a directory. Give the new volume another name, " +
        "and move the " +
        "data there (npm run move)",
    ],
    ["a directory", { volumes: { data: { directory: true } } }, facts(), "missing"],
    [
      "one that is gone, with claims on the node",
      volume(),
      facts(),
      "an earlier update made it, and its partition is gone, while the cluster has volumes on this node: those of " +
        "data/postgres-data. A new, empty one would hide that their data is gone. Bring the disk back; or, where the " +
        "data is lost, release these claims' volumes first (docs/recovery.md)",
      { done: { "volume-data": { type: "talos", line: {}, round: 0 } }, claims: ["data/postgres-data"] },
    ],
    [
      "one that is gone, with nothing on the node",
      volume(),
      facts(),
      "missing: it goes to /dev/sdb, 500.0 GiB, serial DATA",
      { done: { "volume-data": { type: "talos", line: {}, round: 0 } } },
    ],
  ];
  for (const [what, settings, seen, expected, known] of cases)
    it(`is judged by what the node has: ${what}`, () => assert.equal(said(settings, seen, known), expected));
});
