import { error, ok, table, unread, warning } from "./cluster";
import { own, namespace, claim, move, provisioner, alone, enforce, admitted } from "./general-fixtures";

describe("preflight of any cluster", () => {
  table("class-immutable", [
    { title: "as it is", facts: { classes: [own()] }, says: [ok("no class has to be replaced")] },
    {
      title: "changed, with claims",
      facts: {
        classes: [own({ reclaimPolicy: "Delete", parameters: { nodePath: "/data" } })],
        claims: [claim("x"), claim("y")],
      },
      says: [
        warning(
          "StorageClass disk is replaced, because a class can't be changed (reclaimPolicy Delete to Retain, " +
            "nodePath /data to none); 2 claims of it keep their volumes as they are",
          move,
        ),
      ],
    },
    {
      title: "changed, with one claim",
      facts: { classes: [own({ reclaimPolicy: "Delete" })], claims: [claim("x")] },
      says: [
        warning(
          "StorageClass disk is replaced, because a class can't be changed (reclaimPolicy Delete to Retain); " +
            "1 claim of it keeps its volume as it is",
          move,
        ),
      ],
    },
    {
      title: "changed, without claims",
      facts: { classes: [own({ provisioner: "rancher.io/old" })] },
      says: [
        warning(
          "StorageClass disk is replaced, because a class can't be changed (provisioner rancher.io/old to " +
            "rancher.io/disk); it has made no claim's volume yet",
          move,
        ),
      ],
    },
  ]);

  table("provisioner-name", [
    { title: "the stack's own", facts: { provisioners: [{ ...provisioner, stack: "test/prod" }] }, says: [alone] },
    {
      title: "another of another name",
      facts: { provisioners: [{ ...provisioner, provisioner: "rancher.io/local-path" }] },
      says: [alone],
    },
    { title: "another that doesn't run", facts: { provisioners: [{ ...provisioner, replicas: 0 }] }, says: [alone] },
    {
      title: "another of the same name",
      facts: { provisioners: [provisioner] },
      says: [
        error(
          "Deployment kube-system/local-path-provisioner answers to rancher.io/disk as well: for each claim " +
            "both make a volume",
          "take it away (kubectl -n kube-system delete deployment local-path-provisioner; k3s: " +
            "--disable=local-storage), or rename backend disk, which names the stack's own",
        ),
      ],
    },
    { title: "unread", facts: { provisioners: undefined }, says: [unread("Deployments of all namespaces")] },
  ]);
});

describe("preflight of any cluster", () => {
  table("pod-security", [
    { title: "none of them is there yet", facts: { namespaces: [namespace("default")] }, says: [admitted] },
    {
      title: "the stack's own",
      facts: {
        namespaces: [
          namespace("disk-storage", { stack: "test/prod", labels: { [enforce]: "privileged" } }),
          namespace("local-ai-system", { stack: "test/prod" }),
        ],
      },
      says: [admitted],
    },
    {
      title: "somebody's that refuses the provisioner's pods",
      facts: { namespaces: [namespace("disk-storage", { labels: { [enforce]: "baseline" } })] },
      says: [
        error(
          "namespace disk-storage is in the cluster already and belongs to no stack, so an update can't create it",
          "take it over with npm run adopt (from the update on it enforces privileged for every pod in it, " +
            "others' too), or rename the backend that it is named after",
        ),
      ],
    },
    {
      title: "somebody's for a service",
      facts: { namespaces: [namespace("local-ai-system")] },
      says: [
        error(
          "namespace local-ai-system is in the cluster already and belongs to no stack, so an update can't create it",
          "take it over with npm run adopt (from the update on it enforces restricted for every pod in it, " +
            "others' too), or name another one in cluster-storage:services.SERVICE.namespace",
        ),
      ],
    },
    {
      title: "somebody's with the right label",
      facts: { namespaces: [namespace("local-ai-system", { labels: { [enforce]: "restricted" } })] },
      says: [
        error(
          "namespace local-ai-system is in the cluster already and belongs to no stack, so an update can't create it",
          "take it over with npm run adopt, or name another one in cluster-storage:services.SERVICE.namespace",
        ),
      ],
    },
    {
      title: "another stack's",
      facts: { namespaces: [namespace("local-ai-system", { stack: "shop/prod" })] },
      says: [
        error(
          "namespace local-ai-system belongs to the stack shop/prod",
          "name another one in cluster-storage:services.SERVICE.namespace; if shop/prod was this stack's name: " +
            "npm run recover -- --renamed-from shop/prod --stack prod",
        ),
      ],
    },
    {
      title: "one that is being deleted",
      facts: { namespaces: [namespace("local-ai-system", { phase: "Terminating", stack: "test/prod" })] },
      says: [
        error(
          "namespace local-ai-system is being deleted",
          "wait until it is gone; what holds it up: kubectl get namespace local-ai-system -o " +
            "jsonpath='{.status.conditions}'",
        ),
      ],
    },
  ]);
});
