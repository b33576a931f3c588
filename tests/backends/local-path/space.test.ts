import { error, node, ok, table, unknown, warning } from "../../preflight/cluster";
import { probe } from "../nodes";
import { allowed, backend, Gi, less, measured, path, probed, shared, used, volume } from "./disks";

describe("preflight of local-path", () => {
  const grown = "after the update its claims may grow to 2.0 GiB, and the disks have room for 1.0 GiB";
  table("local-path-space", [
    {
      title: "nothing known",
      says: [
        unknown(
          "it is not known how much room the paths have, until a volume there is in use or a probe pod looks",
          probe,
        ),
      ],
    },
    {
      title: "room for what is asked",
      facts: { nodes: [probed("a", {})] },
      says: [ok("its claims may grow to 2.0 GiB after the update, and the disks have room for 100.0 GiB")],
    },
    {
      title: "room for what is there",
      facts: used(measured("a", 100 * Gi, 90 * Gi)),
      says: [ok("its claims may grow to 2.0 GiB, and the disks have room for 100.0 GiB")],
    },
    {
      title: "of a shared disk what is free",
      stack: shared,
      facts: used(measured("a", 50 * Gi, 10 * Gi)),
      says: [ok("its claims may grow to 2.0 GiB, and the disks have room for 10.0 GiB")],
    },
    {
      title: "of a disk that is said to be shared, before any volume",
      stack: shared,
      facts: { nodes: [node("a", { stats: { root: { capacity: 50 * Gi, available: 10 * Gi }, volumes: [] } })] },
      says: [ok("its claims may grow to 2.0 GiB after the update, and the disks have room for 10.0 GiB")],
    },
    {
      title: "too little for what is asked",
      facts: { nodes: [probed("a", { capacity: Gi, available: Gi })] },
      says: [error(grown, allowed)],
    },
    {
      title: "too little, which may be so",
      stack: backend({ overCommit: "warn" }),
      facts: { nodes: [probed("a", { capacity: Gi, available: Gi })] },
      says: [warning(grown, less)],
    },
    {
      title: "too little for what is there",
      facts: used(measured("a", 3 * Gi, 2 * Gi), "4Gi"),
      says: [error(`the volumes in ${path} on a may grow to 4.0 GiB, and it has room for 3.0 GiB`, allowed)],
    },
    {
      title: "full, whatever may be",
      stack: backend({ overCommit: "warn" }),
      facts: used(measured("a", 60 * Gi, Gi)),
      says: [
        error(
          `${path} on a is full: 1.0 GiB of 60.0 GiB are free`,
          "see which volumes lie there (kubectl get pv), make room, or mount a larger disk; room that was made just " +
            "now shows within two minutes",
        ),
      ],
    },
    {
      title: "several nodes together",
      facts: { nodes: [probed("a", { capacity: Gi, available: Gi }), probed("b", { capacity: Gi, available: Gi })] },
      says: [ok("its claims may grow to 2.0 GiB after the update, and the disks have room for 2.0 GiB")],
    },
    {
      title: "another backend's volume deeper down is not its own",
      facts: {
        ...used(measured("a", 3 * Gi, 2 * Gi)),
        volumes: [volume("a"), { ...volume("a", "9Gi"), name: "pvc-2", path: `${path}/fast/pvc-2_x_y`, claim: "x/y" }],
      },
      says: [ok("its claims may grow to 2.0 GiB, and the disks have room for 3.0 GiB")],
    },
    {
      title: "unread",
      facts: { volumes: undefined },
      says: [unknown("nodes, claims and volumes may not be listed with this context's credentials")],
    },
  ]);
});
