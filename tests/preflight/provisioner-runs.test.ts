import { ok, table, unread, warning } from "./cluster";
import { own, provisioner } from "./general-fixtures";

describe("preflight of what makes the volumes", () => {
  table("provisioner-runs", [
    { title: "a class that isn't there yet", says: [ok("each of this stack's classes has its provisioner")] },
    {
      title: "somebody else's class",
      facts: { provisioners: [], classes: [own({ stack: undefined })] },
      says: [ok("each of this stack's classes has its provisioner")],
    },
    {
      title: "a class with its provisioner",
      facts: { provisioners: [{ ...provisioner, stack: "test/prod" }], classes: [own()] },
      says: [ok("each of this stack's classes has its provisioner")],
    },
    {
      title: "a provisioner that somebody deleted",
      facts: { provisioners: [], classes: [own()] },
      says: [
        warning(
          "nothing makes volumes of class disk: no Deployment runs the provisioner rancher.io/disk, so a new claim " +
            "would wait for ever",
          "make it again: npm run adopt drops from the state what the cluster has lost, and then pulumi up makes it",
        ),
      ],
    },
    {
      title: "a provisioner that somebody stopped",
      facts: { provisioners: [{ ...provisioner, stack: "test/prod", replicas: 0 }], classes: [own()] },
      says: [
        warning(
          "nothing makes volumes of class disk: Deployment kube-system/local-path-provisioner is scaled to 0, so a " +
            "new claim would wait for ever",
          "start it: kubectl -n kube-system scale deployment local-path-provisioner --replicas 1",
        ),
      ],
    },
    {
      title: "unread",
      facts: { provisioners: undefined },
      says: [unread("Deployments of all namespaces, drivers and classes")],
    },
  ]);
});
