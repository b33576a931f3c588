import assert from "node:assert/strict";
import { facts, said } from "./said";

describe("a mount of the kubelet", () => {
  const settings = { kubeletMounts: ["/var/mnt/longhorn"] };
  const mount = { destination: "/var/mnt/longhorn", source: "/var/mnt/longhorn", options: ["bind", "rshared", "rw"] };
  const by =
    ", and the update changes no mount that is there. Correct machine.kubelet.extraMounts by hand: talosctl -n NODE " +
    "edit machineconfig --mode no-reboot";
  it("is added where it is missing, and never changed", () => {
    assert.equal(said(settings, facts()), "missing");
    assert.equal(said(settings, facts({ mounts: [mount] })), "done");
    const other = (more: object) => said(settings, facts({ mounts: [{ ...mount, ...more }] }));
    assert.equal(other({ source: "/var/lib" }), `/var/mnt/longhorn is mounted from /var/lib${by}`);
    assert.equal(other({ options: ["bind", "rw"] }), `/var/mnt/longhorn is mounted without rshared${by}`);
    assert.equal(said(settings, facts({ mounts: [mount, mount] })), `/var/mnt/longhorn is mounted 2 times${by}`);
  });
});

describe("Talos' image", () => {
  const schematic = "a".repeat(64);
  const image = (version: string) => `factory.talos.dev/installer/${schematic}:${version}`;
  const having = (version: string, extensions: string[] = [], own?: string) =>
    facts({ version, schematic: own, seen: { ...facts().seen, extensions } });
  const wanted = (version: string, upgrade = true) => ({ extensions: ["iscsi-tools"], image: image(version), upgrade });

  it("is named where it lacks an extension, and the update is not to install it", () => {
    assert.equal(said(wanted("v1.13.0", false), having("v1.13.0", ["iscsi-tools"])), "done");
    assert.equal(
      said(wanted("v1.13.0", false), having("v1.13.0")),
      "the node lacks iscsi-tools, and extensions come with Talos' image. Install it: talosctl -n NODE " +
        "upgrade --image " +
        `${image("v1.13.0")}; or write upgrade: true, and the update does`,
    );
    assert.equal(
      said({ extensions: ["iscsi-tools", "util-linux-tools"] }, having("v1.13.0")),
      "the node lacks iscsi-tools and util-linux-tools, and extensions come with Talos' image. Have the " +
        "image factory " +
        "make one that has them (docs/talos.md#longhorn), and write it as image",
    );
  });

  it("is installed where upgrade says so, never a lower version, and only while all other nodes are Ready", () => {
    assert.equal(said(wanted("v1.13.0"), having("v1.13.0", ["iscsi-tools"], schematic)), "done");
    const restarts = (version: string) => `missing: it runs ${version}, and is drained and restarted`;
    assert.equal(said(wanted("v1.13.0"), having("v1.13.0")), restarts("v1.13.0"));
    assert.equal(said(wanted("v1.13.2"), having("v1.13.0")), restarts("v1.13.0"));
    assert.equal(said(wanted("v1.13.0"), having("v1.12.4")), restarts("v1.12.4"));
    assert.equal(
      said(wanted("v1.12.4"), having("v1.13.0")),
      "the node runs v1.13.0, and image is v1.12.4: the update never installs a lower version. Name an " +
        "image of v1.13.0 " +
        "or a higher one",
    );
    assert.equal(
      said(wanted("v1.13.0"), having("v1.11.5")),
      "the node runs v1.11.5, and Talos is upgraded from each minor version to the next. Name an image of v1.12 first",
    );
    assert.equal(
      said(wanted("v1.13.0"), having("v1.13.0", [], schematic)),
      "the node runs this image, and lacks iscsi-tools: the image doesn't have it. Have the image " +
        "factory make one that " +
        "does (docs/talos.md#longhorn), and write it as image",
    );
    assert.equal(
      said(wanted("v1.13.2"), having("v1.13.0"), { notReady: ["worker-2", "worker-3"] }),
      "worker-2 and worker-3 are not Ready, and a node is restarted only while all others are. Bring the " +
        "others back first",
    );
  });
});
