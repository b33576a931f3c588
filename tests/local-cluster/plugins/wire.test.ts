import assert from "node:assert/strict";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import {
  containsSecret,
  containsUnknown,
  reveal,
  Secret,
  Unknown,
} from "../../../local-cluster/plugins/protocol/values";
import { decode, encode, fromWire, toWire, unknownString } from "../../../local-cluster/plugins/protocol/wire";

const signatureKey = "4dabf18193072939515e22adb298388d";
const wireSecret = { [signatureKey]: "1b47061264138c4ac30d75fd1eb44270", value: "hunter2" };

describe("wire format of properties", () => {
  it("reads a secret, wherever it is", () => {
    assert.deepEqual(fromWire({ list: [wireSecret] }), { list: [new Secret("hunter2")] });
  });

  it("writes a secret as the engine reads it", () => {
    assert.deepEqual(toWire({ password: new Secret("hunter2") }), { password: wireSecret });
  });

  it("keeps an unknown value's own marker through both directions", () => {
    const unknownNumber = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";
    const value = fromWire(unknownNumber);
    assert.deepEqual(value, new Unknown(unknownNumber));
    assert.equal(toWire(value), unknownNumber);
  });

  it("takes text that only looks like a UUID for text", () => {
    assert.equal(fromWire("04da6b54-80e4-46f7-96ec-000000000000"), "04da6b54-80e4-46f7-96ec-000000000000");
  });

  it("reads an output without a value as unknown, and its secrecy", () => {
    const output = { [signatureKey]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", secret: true };
    assert.deepEqual(fromWire(output), new Secret(new Unknown(unknownString)));
  });

  it("survives a protobuf Struct, numbers and empty values included", () => {
    const properties = { n: 0, f: 1.5, no: false, nothing: null, empty: {}, list: [], s: new Secret({ a: [1] }) };
    const bytes = encode(properties).serializeBinary();
    assert.deepEqual(decode(Struct.deserializeBinary(bytes)), properties);
  });

  it("leaves out what is undefined, which a Struct can't hold", () => {
    assert.deepEqual(encode({ a: undefined as never, b: 1 }).toJavaScript(), { b: 1 });
  });
});

describe("secrets and unknowns in values", () => {
  const value = { list: [{ deep: new Secret(new Unknown(unknownString)) }] };

  it("are found at any depth", () => {
    assert.equal(containsSecret(value), true);
    assert.equal(containsUnknown(value), true);
    assert.equal(containsSecret({ list: ["plain"] }), false);
    assert.equal(containsUnknown(new Secret("plain")), false);
  });

  it("reveal unwraps the secret and keeps the unknown", () => {
    assert.deepEqual(reveal(value), { list: [{ deep: new Unknown(unknownString) }] });
  });
});
