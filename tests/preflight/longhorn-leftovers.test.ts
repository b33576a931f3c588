import { claimFacts, volumeFacts } from "../facts";
import { error, ok, table, unknown, warning } from "./cluster";
import { keep, left, longhorn, manager, namespace, objects, remedy, said } from "./general-fixtures";

describe("preflight of any cluster", () => {
  table("longhorn-leftovers", [
    { title: "none", says: [ok("nothing is left of an earlier Longhorn")] },
    {
      title: "some, in the way of the stack's",
      stack: longhorn,
      facts: { ...left, namespaces: [namespace("longhorn-system", { phase: "Terminating" })] },
      says: [error(said, remedy)],
    },
    {
      title: "some, of no concern to the stack",
      facts: { ...left, namespaces: [namespace("longhorn-system", { phase: "Terminating" })] },
      says: [warning(said, remedy)],
    },
    {
      title: "one that runs, in whatever namespace",
      facts: { ...left, ...objects, programs: [manager], drivers: ["driver.longhorn.io"] },
      says: [ok("Longhorn is in namespace storage (DaemonSet longhorn-manager), and nothing of it is left over")],
    },
    {
      title: "one whose driver isn't there yet",
      facts: { ...left, ...objects, programs: [{ ...manager, kind: "Deployment", name: "longhorn-driver-deployer" }] },
      says: [
        ok("Longhorn is in namespace storage (Deployment longhorn-driver-deployer), and nothing of it is left over"),
      ],
    },
    {
      title: "one whose driver isn't there yet, besides the stack's",
      stack: longhorn,
      facts: { ...left, ...objects, programs: [manager] },
      says: [
        error(
          "Longhorn is in namespace storage (DaemonSet longhorn-manager), and a cluster can have only one",
          "use the one that is there: cluster-storage:backends.replicated.install: false",
        ),
      ],
    },
    {
      title: "objects of its definitions, in whatever namespace",
      facts: { ...left, ...objects },
      says: [
        warning(
          "no Longhorn runs, but the cluster has 2 objects of its definitions (volumes storage/pvc-1 and nodes " +
            "storage/a)",
          keep,
        ),
      ],
    },
    {
      title: "objects of its definitions, in the way of the stack's",
      stack: longhorn,
      facts: { ...left, ...objects },
      says: [
        error(
          "no Longhorn runs, but the cluster has 2 objects of its definitions (volumes storage/pvc-1 and nodes " +
            "storage/a)",
          keep,
        ),
      ],
    },
    {
      title: "somebody's things in its namespace",
      facts: {
        ...left,
        namespaces: [namespace("longhorn-system")],
        claims: [claimFacts({ namespace: "longhorn-system", name: "backups" })],
        programs: [{ kind: "Deployment", namespace: "longhorn-system", name: "minio", images: ["minio:1"] }],
      },
      says: [
        warning(
          "no Longhorn runs, but the cluster has claim backups and Deployment minio in namespace longhorn-system",
          keep,
        ),
      ],
    },
    ...(["programs", "customObjects", "volumes", "claims"] as const).map((kind) => ({
      title: `some, where the ${kind} can't be read`,
      facts: { ...left, [kind]: undefined },
      says: [
        unknown(
          `${
            {
              programs: "Deployments and DaemonSets",
              customObjects: "objects of the definitions of longhorn.io",
              volumes: "PersistentVolumes",
              claims: "PersistentVolumeClaims",
            }[kind]
          } can't be listed, so what is left over isn't known`,
          "delete nothing of it; list them with credentials that may (npm run preflight, docs/preflight.md), and see " +
            "whether the API server serves the definitions: kubectl api-resources --api-group longhorn.io",
        ),
      ],
    })),
    {
      title: "the stack's own",
      stack: longhorn,
      facts: {
        ...left,
        drivers: ["driver.longhorn.io"],
        namespaces: [namespace("longhorn-system", { stack: "test/prod" })],
      },
      says: [ok("the Longhorn that is here is this stack's")],
    },
    {
      title: "a driver and volumes of it",
      facts: {
        drivers: ["driver.longhorn.io"],
        volumes: [volumeFacts({ name: "pv", className: "longhorn", phase: "Released", driver: "driver.longhorn.io" })],
      },
      says: [warning("no Longhorn runs, but the cluster has 1 volume of its driver (pv)", keep)],
    },
  ]);
});
