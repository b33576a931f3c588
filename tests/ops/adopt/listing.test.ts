import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { lookPath, lookScript, parseListing } from "../../../ops/adopt/listing";
import { findData } from "../../../ops/adopt/contents";
import { catalogue } from "../../../services/catalogue";
import { lookPod } from "../../../ops/adopt/look-pod";

describe("a listing of a volume", () => {
  let root: string;
  before("files", async () => {
    root = await mkdtemp(join(tmpdir(), "listing-"));
    await mkdir(join(root, "18/docker/base/1"), { recursive: true });
    await writeFile(join(root, "18/docker/PG_VERSION"), "18\n");
    await mkdir(join(root, ".hidden"));
    await writeFile(join(root, "a file"), "12345");
    await chmod(join(root, "a file"), 0o640);
  });
  after(() => rm(root, { recursive: true }));

  it("has names, owners, sizes and PG_VERSION, and doesn't go into a database", async () => {
    const { stdout } = await execa("sh", ["-c", lookScript.replaceAll(lookPath, root)]);
    const seen = parseListing(stdout)!;
    assert.deepEqual(seen.entries.map(({ path }) => path).sort(), [
      "",
      ".hidden",
      "18",
      "18/docker",
      "18/docker/PG_VERSION",
      "a file",
    ]);
    assert.deepEqual(seen.versions, { "18/docker": "18" });
    const uid = process.getuid!();
    const gid = process.getgid!();
    assert.deepEqual(
      seen.entries.find(({ path }) => path === "a file"),
      { path: "a file", directory: false, uid, gid, mode: 0o640, size: 5 },
    );
    assert.equal(seen.entries.find(({ path }) => path === "18")?.directory, true);
  });
  it("is none where it was cut short", () => assert.equal(parseListing("entry 41ed 0 0 4096 .\n"), undefined));
  it("has a database at the root", () => {
    const seen = parseListing("entry 41ed 999 999 4096 .\nentry 8180 999 999 3 PG_VERSION\nversion 17 \nend\n")!;
    assert.deepEqual(
      findData(seen, catalogue.get("postgres")!.data!).map(({ directory, version }) => [directory, version]),
      [["", "17"]],
    );
  });
  it("says which directories its user may not read", () =>
    assert.deepEqual(parseListing("entry 41c0 70 70 4096 .\nclosed \nend\n")?.closed, [""]));

  it("is made by a pod that a restricted namespace admits and that writes nothing", () => {
    const { spec } = lookPod({ namespace: "data", claim: "redis-data", image: "redis:7", uid: 999, gid: 999 });
    assert.deepEqual(spec?.volumes, [{ name: "seen", persistentVolumeClaim: { claimName: "redis-data" } }]);
    const [container] = spec!.containers;
    assert.deepEqual(container?.volumeMounts, [{ name: "seen", mountPath: "/look", readOnly: true }]);
    assert.deepEqual(container?.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    // With a group, the kubelet would change the owner of the files.
    assert.deepEqual(spec?.securityContext, {
      runAsNonRoot: true,
      runAsUser: 999,
      runAsGroup: 999,
      seccompProfile: { type: "RuntimeDefault" },
    });
    assert.equal(spec?.nodeName, undefined);
    assert.equal(spec?.automountServiceAccountToken, false);
  });
});
