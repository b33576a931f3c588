import assert from "node:assert/strict";
import { accessMode } from "../../policy/rules/access-mode";
import { backupStated } from "../../policy/rules/backup-stated";
import { protectedClaim } from "../../policy/rules/protected-claim";
import { protectedNamespace } from "../../policy/rules/protected-namespace";
import { judge } from "./judge";
import { claim, deployment, namespace, statefulSet, storageClass } from "./samples";

describe("protected-claim", () => {
  it("refuses a claim that is not protected", async () => {
    const broken = claim((_props, resource) => (resource.opts.protect = false));
    assert.deepEqual(await judge(protectedClaim, [broken]), [
      "PersistentVolumeClaim notes/notes-data is not protected; set protect: true in its resource options",
    ]);
  });

  it("refuses a claim whose name the API server makes", async () => {
    const broken = claim(({ metadata }) => (metadata.name = undefined));
    assert.deepEqual(await judge(protectedClaim, [broken]), [
      "PersistentVolumeClaim notes/notes-data has no name of its own; set metadata.name",
    ]);
  });

  it("refuses a claim whose name Pulumi made", async () => {
    const broken = claim(({ metadata }) =>
      Object.assign(metadata, { name: "notes-data-7f3a91", annotations: { "pulumi.com/autonamed": "true" } }),
    );
    assert.deepEqual(await judge(protectedClaim, [broken]), [
      "PersistentVolumeClaim notes/notes-data-7f3a91 has no name of its own; set metadata.name",
    ]);
  });

  for (const when of ["whenDeleted", "whenScaled"]) {
    it(`refuses a StatefulSet that deletes its claims ${when}`, async () => {
      const broken = statefulSet((spec) => (spec.persistentVolumeClaimRetentionPolicy[when] = "Delete"));
      assert.deepEqual(await judge(protectedClaim, [broken]), [
        `StatefulSet notes/ledger deletes its claims (spec.persistentVolumeClaimRetentionPolicy.${when}); set Retain`,
      ]);
    });
  }

  it("has nothing against a StatefulSet without the field, whose claims stay", async () => {
    assert.deepEqual(
      await judge(protectedClaim, [statefulSet((spec) => delete spec.persistentVolumeClaimRetentionPolicy)]),
      [],
    );
  });
});

describe("protected-namespace", () => {
  const open = () => namespace((_props, resource) => (resource.opts.protect = false));
  const message = "Namespace notes holds claims and is not protected; set protect: true in its resource options";

  it("refuses one with a claim that is not protected", async () =>
    assert.deepEqual(await judge(protectedNamespace, [open(), claim()]), [message]));

  it("refuses one with a StatefulSet's claims that is not protected", async () =>
    assert.deepEqual(await judge(protectedNamespace, [open(), statefulSet()]), [message]));

  it("refuses one with a claim whose name Pulumi made", async () => {
    const broken = namespace(({ metadata }) => (metadata.annotations = { "pulumi.com/autonamed": "true" }));
    assert.deepEqual(await judge(protectedNamespace, [broken, claim()]), [
      "Namespace notes holds claims and has no name of its own; set metadata.name",
    ]);
  });

  it("leaves one alone that holds no data, and one whose neighbour does", async () => {
    const elsewhere = claim(({ metadata }) => (metadata.namespace = "others"));
    assert.deepEqual(await judge(protectedNamespace, [open(), deployment(), elsewhere]), []);
  });
});

describe("access-mode", () => {
  const many = () => claim(({ spec }) => (spec.accessModes = ["ReadWriteMany"]));
  const message =
    "PersistentVolumeClaim notes/notes-data asks for ReadWriteMany; class local-path can do ReadWriteOnce and " +
    "ReadWriteOncePod";

  it("refuses what the class's provisioner can't do", async () =>
    assert.deepEqual(await judge(accessMode, [storageClass(), many()]), [message]));

  it("refuses it of each backend's own provisioner, whatever the backend is called", async () => {
    const made = (provisioner: string) => storageClass((props) => (props.provisioner = provisioner));
    for (const provisioner of ["rancher.io/fast", "local.csi.openebs.io", "rook-ceph.rbd.csi.ceph.com"])
      assert.deepEqual(await judge(accessMode, [made(provisioner), many()]), [message], provisioner);
    for (const provisioner of ["driver.longhorn.io", "nfs.csi.k8s.io", "rook-ceph.cephfs.csi.ceph.com"])
      assert.deepEqual(await judge(accessMode, [made(provisioner), many()]), [], provisioner);
  });

  it("refuses the same of the default class, for a claim that names none", async () => {
    const broken = claim(({ spec }) =>
      Object.assign(spec, { accessModes: ["ReadWriteMany"], storageClassName: undefined }),
    );
    assert.deepEqual(await judge(accessMode, [storageClass(), broken]), [message]);
  });

  it("refuses it of a StatefulSet's claims", async () => {
    const broken = statefulSet((spec) => (spec.volumeClaimTemplates[0].spec.accessModes = ["ReadOnlyMany"]));
    assert.deepEqual(await judge(accessMode, [storageClass(), broken]), [
      "StatefulSet notes/ledger asks for ReadOnlyMany; class local-path can do ReadWriteOnce and ReadWriteOncePod",
    ]);
  });

  it("knows what it was told of a class that others made, and judges no other", async () => {
    const settings = { classes: { "local-path": ["ReadWriteMany"] } };
    assert.deepEqual(await judge(accessMode, [many()], { settings }), []);
    assert.deepEqual(await judge(accessMode, [claim()], { settings }), [
      "PersistentVolumeClaim notes/notes-data asks for ReadWriteOnce; class local-path can do ReadWriteMany",
    ]);
    assert.deepEqual(await judge(accessMode, [many()]), []);
  });
});

describe("backup-stated", () => {
  const says = (value: string | undefined) =>
    judge(backupStated, [claim(({ metadata }) => (metadata.annotations["cluster-storage/backup"] = value))]);

  it("refuses a claim that says nothing", async () => {
    const message =
      "PersistentVolumeClaim notes/notes-data says nothing of a backup; name it in the annotation " +
      'cluster-storage/backup, or set it to "none: REASON"';
    assert.deepEqual(await says(undefined), [message]);
    assert.deepEqual(await says(""), [message]);
  });

  it("refuses none without a reason", async () => {
    const message =
      "PersistentVolumeClaim notes/notes-data has no backup and no reason; say it in the annotation " +
      'cluster-storage/backup: "none: REASON"';
    for (const value of ["none", "none:", "none: "]) assert.deepEqual(await says(value), [message]);
  });

  it("takes a backup's name", async () => assert.deepEqual(await says("nightly"), []));

  it("asks a StatefulSet's claims too", async () => {
    const broken = statefulSet((spec) => delete spec.volumeClaimTemplates[0].metadata.annotations);
    assert.deepEqual(await judge(backupStated, [broken]), [
      "StatefulSet notes/ledger, claim template data, says nothing of a backup; name it in the annotation " +
        'cluster-storage/backup, or set it to "none: REASON"',
    ]);
  });
});
