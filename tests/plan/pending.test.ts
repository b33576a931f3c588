import assert from "node:assert/strict";
import type { ProvisionerFacts } from "../../model/facts";
import { type Provisioning, whyPending } from "../../plan/pending";
import { claimFacts, classFacts } from "../facts";

const provisioner: ProvisionerFacts = {
  namespace: "local-path-storage",
  deployment: "local-path-provisioner",
  provisioner: "rancher.io/local-path",
  image: "rancher/local-path-provisioner:v0.0.36",
  replicas: 1,
};
const classes = [
  classFacts("local-path", { provisioner: "rancher.io/local-path" }),
  classFacts("shared", { provisioner: "nfs.csi.k8s.io" }),
  classFacts("theirs", { provisioner: "example.com/p" }),
];
const all: Provisioning = { classes, provisioners: [provisioner], drivers: ["nfs.csi.k8s.io"] };
const waiting = { reason: "ExternalProvisioning", message: "Waiting for a volume\nto be created" };

describe("why a claim has no volume", () => {
  const cases: [what: string, className: string | undefined, Provisioning, why: string | undefined][] = [
    ["what its newest event says", "local-path", all, "ExternalProvisioning: Waiting for a volume"],
    [
      "no provisioner",
      "local-path",
      { ...all, provisioners: [] },
      'nothing makes volumes of class "local-path": no Deployment runs the provisioner rancher.io/local-path',
    ],
    [
      "a provisioner that is scaled to 0",
      "local-path",
      { ...all, provisioners: [{ ...provisioner, replicas: 0 }] },
      'nothing makes volumes of class "local-path": Deployment local-path-storage/local-path-provisioner is scaled ' +
        "to 0",
    ],
    [
      "no driver",
      "shared",
      { ...all, drivers: [] },
      'nothing makes volumes of class "shared": the cluster has no CSI driver nfs.csi.k8s.io',
    ],
    ["no guess at others' provisioners", "theirs", all, "ExternalProvisioning: Waiting for a volume"],
    ["no such class", "fast", all, 'there is no StorageClass "fast"'],
    ["no default class", undefined, all, "it names no class, and the cluster has no default class"],
    ["nothing that may not be read", "local-path", {}, "ExternalProvisioning: Waiting for a volume"],
  ];
  for (const [what, className, facts, why] of cases)
    it(`is ${what}`, () =>
      assert.equal(whyPending(claimFacts({ phase: "Pending", className }), facts, [waiting]), why));

  it("is unknown without an event, and a volume made by hand where the class is none", () => {
    assert.equal(whyPending(claimFacts({ className: "theirs" }), all, []), undefined);
    assert.equal(whyPending(claimFacts({ className: "" }), all, []), "it waits for a volume that is made by hand");
  });
});
