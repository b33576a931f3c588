import assert from "node:assert/strict";
import { BinaryWriter } from "google-protobuf";
import { readContainers } from "../../cluster/instance/cri";
import { checkName } from "../../cluster/instance/machine";

describe("an instance's name", () => {
  for (const name of ["main", "a", "dev-2", "x".repeat(30)]) it(`may be ${name}`, () => checkName(name));
  for (const name of ["", "A", "a.b", "../x", "-a", "a-", "a b", "x".repeat(31), "main.deleting"]) {
    it(`may not be "${name}"`, () => {
      const message = `"${name}" can't be a local cluster's name: it takes 1 to 30 lower-case letters, digits and inner hyphens`;
      assert.throws(() => checkName(name), { name: "UserError", message });
    });
  }
});

describe("the container runtime's list", () => {
  it("is read with fields that aren't asked for skipped", () => {
    const response = new BinaryWriter();
    for (const [id, state] of [["abc", 1], ["def", 2]] as const) {
      response.writeMessage(1, {}, (_value, writer: BinaryWriter) => {
        writer.writeString(1, id);
        writer.writeString(2, "sandbox");
        writer.writeEnum(6, state);
        writer.writeInt64(7, 1234567890123);
      });
    }
    response.writeString(9, "later field");
    assert.deepEqual(readContainers(response.getResultBuffer()), [{ id: "abc", state: 1 }, { id: "def", state: 2 }]);
  });

  it("may be empty", () => assert.deepEqual(readContainers(new Uint8Array()), []));
});
