import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { judgeHelm, readRevision, type HelmVerdict, type Revision } from "../../../ops/recover/helm";

describe("a Helm release in whose middle an update was killed", () => {
  const id = "longhorn-system/longhorn";
  const revision = (version: number, status: string, chart: string | undefined = "longhorn"): Revision => ({
    secret: `sh.helm.release.v1.longhorn.v${version}`,
    uid: `uid ${version}`,
    version,
    status,
    chart,
  });
  const install = "pulumi import kubernetes:helm.sh/v3:Release longhorn longhorn-system/longhorn";
  const taken = `Take it into the state, which changes nothing in the cluster: ${install}`;
  const upgraded = "its record sh.helm.release.v1.longhorn.v2 was removed, and revision 1 counts again";

  it("is known by its chart, wherever that came from", () => {
    const deployed = [revision(1, "deployed")];
    for (const chart of [
      "longhorn",
      "oci://harbor.lan/charts/longhorn",
      "./charts/longhorn-1.12.1.tgz",
      "lan/longhorn",
    ])
      assert.equal(judgeHelm(id, chart, false, deployed).why, "is deployed", chart);
    const other = `exists as Helm release ${id} and is of the chart longhorn`;
    for (const chart of ["long", "./charts/longhorn-crd-1.12.1.tgz"])
      assert.equal(judgeHelm(id, chart, false, deployed).why, other, chart);
  });

  const cases: [string, boolean, Revision[], HelmVerdict][] = [
    ["that isn't there", true, [], { action: "clear", why: "was never created" }],
    [
      "within its installation",
      true,
      [revision(1, "pending-install")],
      {
        remove: revision(1, "pending-install"),
        action: "clear",
        why:
          "was not installed to its end (pending-install): its record sh.helm.release.v1.longhorn.v1 was removed, " +
          "and the next update installs it over what is there",
      },
    ],
    [
      "that was deployed and not recorded",
      true,
      [revision(1, "deployed")],
      { remove: undefined, action: "leave", why: `exists as Helm release ${id} (deployed). ${taken}` },
    ],
    [
      "within its upgrade",
      false,
      [revision(1, "deployed"), revision(2, "pending-upgrade")],
      { remove: revision(2, "pending-upgrade"), why: `is pending-upgrade: ${upgraded}` },
    ],
    [
      "within an upgrade that isn't in the state",
      true,
      [revision(2, "pending-upgrade"), revision(1, "deployed")],
      {
        remove: revision(2, "pending-upgrade"),
        action: "leave",
        why: `exists as Helm release ${id} (pending-upgrade): ${upgraded}. ${taken}`,
      },
    ],
    [
      "within an upgrade of what was never deployed",
      false,
      [revision(1, "failed"), revision(2, "pending-upgrade")],
      { remove: undefined, why: "is pending-upgrade" },
    ],
    ["that is deployed", false, [revision(3, "deployed")], { remove: undefined, why: "is deployed" }],
    [
      "of another chart",
      true,
      [revision(1, "pending-install", "theirs")],
      { action: "leave", why: `exists as Helm release ${id} and is of the chart theirs` },
    ],
    [
      "whose record can't be read",
      true,
      [{ ...revision(1, "pending-install"), chart: undefined }],
      { action: "leave", why: `exists as Helm release ${id} and is of an unknown chart` },
    ],
  ];
  for (const [title, isNew, revisions, verdict] of cases)
    it(title, () => assert.deepEqual(judgeHelm(id, "longhorn", isNew, revisions), verdict));

  it("is read from what Helm keeps of it", () => {
    const packed = gzipSync(JSON.stringify({ chart: { metadata: { name: "longhorn" } } })).toString("base64");
    const metadata = {
      name: "sh.helm.release.v1.longhorn.v2",
      uid: "uid 2",
      labels: { version: "2", status: "failed" },
    };
    const release = Buffer.from(packed).toString("base64");
    assert.deepEqual(readRevision({ metadata, data: { release } }), revision(2, "failed"));
    const { chart: _, ...unread } = revision(2, "failed");
    assert.deepEqual(readRevision({ metadata, data: { release: "bm8=" } }), unread);
  });
});
