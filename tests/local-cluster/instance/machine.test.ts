import assert from "node:assert/strict";
import { BinaryWriter } from "google-protobuf";
import { readContainers } from "../../../local-cluster/instance/cri";
import { checkMachine, checkName } from "../../../local-cluster/instance/machine";

describe("an instance's name", () => {
  for (const name of ["main", "a", "dev-2", "x".repeat(30)]) it(`may be ${name}`, () => checkName(name));
  for (const name of ["", "A", "a.b", "../x", "-a", "a-", "a b", "x".repeat(31), "main.deleting"]) {
    it(`may not be "${name}"`, () => {
      const message =
        `"${name}" cannot be the name of a local cluster. A name has 1 to 30 lower-case letters, digits and ` +
        "hyphens, and no hyphen at its start or end.";
      assert.throws(() => checkName(name), { name: "UserError", message });
    });
  }
});

describe("a machine", () => {
  const was = { platform: process.platform, getuid: process.getuid, path: process.env.PATH };
  const pretend = (platform: string, uid: number) => {
    Object.defineProperty(process, "platform", { value: platform });
    process.getuid = () => uid;
  };
  afterEach(() => {
    Object.defineProperty(process, "platform", { value: was.platform });
    process.getuid = was.getuid;
    process.env.PATH = was.path;
  });
  const elsewhere = "You can use a cluster of your kubeconfig instead: npm start -- --context NAME";

  it("must run Linux", async () => {
    pretend("darwin", 0);
    await assert.rejects(checkMachine(), {
      name: "UserError",
      message: `The local cluster needs Linux; this is darwin. ${elsewhere}`,
    });
  });

  it("must let us be root", async () => {
    pretend("linux", 1000);
    await assert.rejects(checkMachine(), {
      name: "UserError",
      message: `The local cluster needs root, for namespaces, mounts and control groups. ${elsewhere}`,
    });
  });

  it("must have the system's own programs", async () => {
    pretend("linux", 0);
    process.env.PATH = "/nowhere";
    const message =
      "The local cluster needs unshare, nsenter, setsid, mount, umount, ip on PATH; Debian has them in " +
      `util-linux, mount and iproute2. ${elsewhere}`;
    await assert.rejects(checkMachine(), { name: "UserError", message });
  });
});

describe("the container runtime's list", () => {
  it("is read with fields that aren't asked for skipped", () => {
    const response = new BinaryWriter();
    for (const [id, state] of [
      ["abc", 1],
      ["def", 2],
    ] as const) {
      response.writeMessage(1, {}, (_value, writer: BinaryWriter) => {
        writer.writeString(1, id);
        writer.writeString(2, "sandbox");
        writer.writeEnum(6, state);
        writer.writeInt64(7, 1234567890123);
      });
    }
    response.writeString(9, "later field");
    assert.deepEqual(readContainers(response.getResultBuffer()), [
      { id: "abc", state: 1 },
      { id: "def", state: 2 },
    ]);
  });

  it("may be empty", () => assert.deepEqual(readContainers(new Uint8Array()), []));
});
