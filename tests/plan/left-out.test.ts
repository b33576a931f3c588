import assert from "node:assert/strict";
import { asksForDefinitions } from "../../plan/left-out";
import { settle } from "../../plan/cluster";
import { ok, stack, table, unread, warning } from "../preflight/cluster";

const snapshots = ["volumesnapshots", "volumesnapshotcontents", "volumesnapshotclasses"].map(
  (kind) => `${kind}.snapshot.storage.k8s.io`,
);
const records = ["lvmvolumes", "lvmnodes", "lvmsnapshots"].map((kind) => `${kind}.local.openebs.io`);
const of = (names: string[], release: string) => Object.fromEntries(names.map((name) => [name, release]));

describe("definitions that are in the cluster already", () => {
  const lvm = stack({ lvm: { type: "openebs-lvm", volumeGroup: "data", default: true } });
  const valuesOf = (releases?: Record<string, string>) =>
    settle(lvm.plan, { classes: [], claims: [], ...(releases && { releases }) }).plan.backends[0]!.install!.charts![0]!
      .values;
  const ours = { analytics: { enabled: false } };
  const without = (crds: object) => ({ ...ours, crds });

  it("are left out of the release where they are nobody's or another release's", () => {
    assert.deepEqual(valuesOf(of(snapshots, "")), without({ csi: { volumeSnapshots: { enabled: false } } }));
    assert.deepEqual(
      valuesOf(of(snapshots, "kube-system/snapshot-controller")),
      without({ csi: { volumeSnapshots: { enabled: false } } }),
    );
    assert.deepEqual(valuesOf(of(records, "openebs/openebs")), without({ lvmLocalPv: { enabled: false } }));
  });

  it("stay in the release that made them, at each run: leaving them out would be a way to delete them", () => {
    assert.deepEqual(valuesOf(of([...snapshots, ...records], "lvm-storage/lvm-localpv")), ours);
  });

  it("come with the release where the cluster has none, and where it isn't known", () => {
    assert.deepEqual([valuesOf({}), valuesOf()], [ours, ours]);
  });

  it("are another installation's where only the name of the release is the same", () => {
    assert.deepEqual(valuesOf(of(snapshots.slice(0, 1), "other/lvm-localpv")), {
      ...ours,
      crds: { csi: { volumeSnapshots: { enabled: false } } },
    });
  });

  it("are read only for a chart that makes some", () => {
    const nfs = (values: object) => stack({ nas: { type: "nfs", server: "nas", share: "/x", default: true, values } });
    assert.equal(asksForDefinitions(lvm.plan), true);
    assert.equal(asksForDefinitions(nfs({}).plan), false);
    assert.equal(asksForDefinitions(stack().plan), false);
    const controller = nfs({ externalSnapshotter: { enabled: true } });
    assert.equal(asksForDefinitions(controller.plan), true);
    const { values } = settle(controller.plan, { classes: [], claims: [], releases: of(snapshots, "") }).plan
      .backends[0]!.install!.charts![0]!;
    assert.deepEqual(values, {
      storageClass: { create: false },
      externalSnapshotter: { enabled: true, customResourceDefinitions: { enabled: false } },
    });
  });

  const come = ok(
    "lvmvolumes.local.openebs.io, lvmnodes.local.openebs.io and lvmsnapshots.local.openebs.io come with the release " +
      "lvm-localpv",
  );
  const [first = "", second = "", third = ""] = snapshots;
  table("openebs-lvm-definitions", [
    { title: "unread", stack: lvm, says: [unread("CustomResourceDefinitions")] },
    {
      title: "none there",
      stack: lvm,
      facts: { releases: {} },
      says: [ok(`${first}, ${second} and ${third} come with the release lvm-localpv`), come],
    },
    {
      title: "all there",
      stack: lvm,
      facts: { releases: of(snapshots, "kube-system/snapshot-controller") },
      says: [
        ok(
          `${first}, ${second} and ${third} are in the cluster already, of kube-system/snapshot-controller, so the ` +
            "release lvm-localpv leaves them out",
        ),
        come,
      ],
    },
    {
      title: "one there",
      stack: lvm,
      facts: { releases: of([first], "") },
      says: [
        warning(
          `${first} is in the cluster already, of no Helm release, so the release lvm-localpv leaves all of them ` +
            `out, and ${second} and ${third} are missing`,
          "let what made the others make them too, or hand the others over to this release, which changes nothing in " +
            `them: kubectl label crd ${first} --overwrite app.kubernetes.io/managed-by=Helm && kubectl annotate crd ` +
            `${first} --overwrite meta.helm.sh/release-name=lvm-localpv meta.helm.sh/release-namespace=lvm-storage`,
        ),
        come,
      ],
    },
  ]);
});
