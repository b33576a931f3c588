import assert from "node:assert/strict";
import { parseTalos } from "../../preflight/talos";

describe("what talosctl prints", () => {
  it("is read resource by resource", () => {
    const volumes =
      "node: 10.0.0.7\nmetadata:\n  id: u-local-path\nspec:\n  phase: ready\n---\nnode: 10.0.0.7\nmetadata:\n " +
      " id: EPHEMERAL\nspec:\n  phase: ready\n  encryptionProvider: luks2\n---\nmetadata:\n  id: u-late\nspec:\n" +
      "  phase: waiting\n  encryptionProvider: luks2\n---\n" +
      "metadata:\n  id: e-old\nspec:\n  phase: ready\n  type: partition\n---\nmetadata:\n  id: x-share\nspec:\n" +
      "  phase: ready\n  type: external\n---\nmetadata:\n  id: r-ceph\nspec:\n  phase: ready\n  type: partition\n" +
      "---\nmetadata:\n  id: s-swap\nspec:\n  phase: ready\n---\nmetadata:\n  id: u-dir\nspec:\n  phase: ready\n" +
      "  type: directory\n---\nmetadata:\n  id: /var/lib/kubelet\nspec:\n  phase: ready\n  type: directory\n";
    const extensions = "metadata:\n  id: '0'\nspec:\n  metadata:\n    name: iscsi-tools\n    version: v0.2.0\n";
    const kubeletspec =
      "metadata:\n  id: kubelet\nspec:\n  extraMounts:\n    - destination: /var/lib/longhorn\n      type: bind\n";
    assert.deepEqual(parseTalos({ extensions, volumestatus: volumes, kubeletspec }), {
      extensions: ["iscsi-tools"],
      volumes: [
        { id: "u-local-path", kind: "user", name: "local-path", phase: "ready" },
        { id: "u-late", kind: "user", name: "late", phase: "waiting" },
        { id: "e-old", kind: "existing", name: "old", phase: "ready" },
        { id: "x-share", kind: "external", name: "share", phase: "ready" },
        { id: "r-ceph", kind: "raw", name: "ceph", phase: "ready" },
        { id: "u-dir", kind: "user", name: "dir", phase: "ready", directory: true },
      ],
      encrypted: ["EPHEMERAL"],
      extraMounts: ["/var/lib/longhorn"],
    });
    assert.deepEqual(parseTalos({ extensions: "", volumestatus: "", kubeletspec: "" }), {
      extensions: [],
      volumes: [],
      encrypted: [],
      extraMounts: [],
    });
  });
});
