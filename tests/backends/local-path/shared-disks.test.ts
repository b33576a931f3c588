import { error, node, nothingSeen, ok, stack, table, warning } from "../../preflight/cluster";
import { allowed, backend, claim, Gi, less, path, second, twice, volume } from "./disks";

describe("preflight of local-path", () => {
  const twoPaths = backend({ nodes: { a: [path, second] } });
  const twoBackends = (fast: object, disk: object = {}) =>
    stack(
      {
        disk: { type: "local-path", path, default: true, ...disk },
        fast: { type: "local-path", ...("nodes" in fast ? {} : { path: second }), ...fast },
      },
      { redis: { size: "1Gi" }, searxng: { size: "1Gi", backend: "fast" } },
    );
  const tooMuch =
    "after the update the claims of disk and fast, which share disks, may grow to 2.0 GiB, and the disks have " +
    "room for 1.5 GiB";
  const refused = (title: string, name: string) =>
    error(title, `${less}, or allow it with cluster-storage:backends.${name}.overCommit: warn`);
  const together = (name: string) => refused(tooMuch, name);
  const togetherOf = (name: string, space: string) =>
    refused(
      "after the update the claims of disk and fast, which share disks, may grow to 2.0 GiB, and the disks have " +
        `room for ${space}`,
      name,
    );
  const alone = ok("its claims may grow to 1.0 GiB after the update, and the disks have room for 1.5 GiB");
  const bothFit = ok(
    "the claims of disk and fast, which share disks, may grow to 2.0 GiB after the update, and the disks have " +
      "room for 100.0 GiB",
  );
  const promisedToBoth = (name: string) =>
    refused(
      `the volumes of disk and fast in ${path} and ${second} on a may grow to 2.0 GiB, and they have room for 1.5 GiB`,
      name,
    );
  const both = {
    claims: [
      { ...claim, size: "1Gi" },
      { ...claim, namespace: "local-ai-search", name: "searxng-data", className: "fast", size: "1Gi", volume: "pvc-2" },
    ],
    volumes: [
      volume("a", "1Gi"),
      { ...volume("a", "1Gi"), name: "pvc-2", path: `${second}/pvc-2_x_y`, claim: "local-ai-search/searxng-data" },
    ],
  };
  const elsewhere = (size: number) =>
    node("b", {
      probe: {
        ...nothingSeen,
        mounts: [
          ...nothingSeen.mounts,
          { point: "/data", type: "ext4", device: "8:17", readOnly: false, shared: true },
        ],
        paths: {
          "/data": { existing: "/data", capacity: size, available: size },
          [path]: { existing: path, capacity: 0, available: 0 },
        },
      },
    });
  table("local-path-space", [
    {
      title: "two paths on one disk",
      stack: twoPaths,
      facts: { nodes: [twice("8:17")] },
      says: [error("after the update its claims may grow to 2.0 GiB, and the disks have room for 1.5 GiB", allowed)],
    },
    {
      title: "two paths on two disks",
      stack: twoPaths,
      facts: { nodes: [twice("8:33")] },
      says: [ok("its claims may grow to 2.0 GiB after the update, and the disks have room for 3.0 GiB")],
    },
    {
      title: "two paths on the disk that is said to be shared",
      stack: backend({ sharedDisk: true, nodes: { a: [path, `${path}/second`] } }),
      facts: { nodes: [node("a", { stats: { root: { capacity: 4 * Gi, available: Gi }, volumes: [] } })] },
      says: [error("after the update its claims may grow to 2.0 GiB, and the disks have room for 1.0 GiB", allowed)],
    },
    {
      title: "two paths that are promised more than their disk together",
      stack: twoPaths,
      facts: {
        nodes: [twice("8:17")],
        claims: [claim],
        volumes: [
          volume("a", "1Gi"),
          { ...volume("a", "1Gi"), name: "pvc-2", path: `${second}/pvc-2_x_y`, claim: "x/y" },
        ],
      },
      says: [
        error(`the volumes in ${path} and ${second} on a may grow to 2.0 GiB, and they have room for 1.5 GiB`, allowed),
      ],
    },
    {
      title: "two backends on one disk, whose claims fit alone and not together",
      stack: twoBackends({}),
      facts: { nodes: [twice("8:17")] },
      says: [together("disk"), together("fast")],
    },
    {
      title: "two backends on one disk, of which one may ask for too much",
      stack: twoBackends({ overCommit: "warn" }),
      facts: { nodes: [twice("8:17")] },
      says: [together("disk"), warning(tooMuch, less)],
    },
    {
      title: "two backends on two disks",
      stack: twoBackends({}),
      facts: { nodes: [twice("8:33")] },
      says: [alone, alone],
    },
    {
      title: "two backends on one disk, with room for both",
      stack: twoBackends({}),
      facts: { nodes: [twice("8:17", 100 * Gi)] },
      says: [bothFit, bothFit],
    },
    {
      title: "two backends on the node's own disk, which both may share",
      stack: twoBackends({ sharedDisk: true }, { sharedDisk: true }),
      facts: { nodes: [node("a", { stats: { root: { capacity: 4 * Gi, available: 1.5 * Gi }, volumes: [] } })] },
      says: [together("disk"), together("fast")],
    },
    {
      title: "two backends with volumes there that are promised more than their one disk",
      stack: twoBackends({}),
      facts: { nodes: [twice("8:17")], ...both },
      says: [promisedToBoth("disk"), promisedToBoth("fast")],
    },
    {
      title: "another backend's volumes leave the rest for what is asked",
      stack: twoBackends({}),
      facts: { nodes: [twice("8:17")], claims: [both.claims[0]!], volumes: [both.volumes[0]!] },
      says: [together("disk"), together("fast")],
    },
    {
      title:
        "a backend whose claims can go elsewhere takes nothing for certain, until its disks and the other's " +
        "are too small for both",
      stack: twoBackends({ nodes: { a: [second], b: ["/data"] } }),
      facts: { nodes: [twice("8:17"), elsewhere(0.2 * Gi)] },
      says: [togetherOf("disk", "1.7 GiB"), togetherOf("fast", "1.7 GiB")],
    },
    {
      title: "and where they are large enough",
      stack: twoBackends({ nodes: { a: [second], b: ["/data"] } }),
      facts: { nodes: [twice("8:17"), elsewhere(Gi)] },
      says: [alone, ok("its claims may grow to 1.0 GiB after the update, and the disks have room for 2.5 GiB")],
    },
    {
      title: "one directory of two backends counts once",
      stack: twoBackends({ path }, {}),
      facts: { nodes: [twice("8:17")], claims: both.claims, volumes: [both.volumes[0]!] },
      says: [
        ok("the claims of disk and fast, which share disks, may grow to 1.0 GiB, and the disks have room for 1.5 GiB"),
        ok("the claims of disk and fast, which share disks, may grow to 1.0 GiB, and the disks have room for 1.5 GiB"),
      ],
    },
  ]);
});
