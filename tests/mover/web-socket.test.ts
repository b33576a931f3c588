import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import { loadMover } from "./compiled";
import { wholeFrames } from "./fake-exec";

const { Messages } = loadMover("wire/web-socket");

const ping = Buffer.from([0x89, 2, 0x68, 0x69]);
const begin = (text: string) => Buffer.concat([Buffer.from([0x02, text.length]), Buffer.from(text)]);
const end = (text: string) => Buffer.concat([Buffer.from([0x80, text.length]), Buffer.from(text)]);
const close = Buffer.from([0x88, 0]);

/** The messages in what arrives in pieces of so many bytes, what was answered, and whether the server has closed. */
function read(sent: Buffer, size: number): { found: string[]; answered: number; closed: boolean } {
  const socket = new PassThrough();
  const messages = new Messages(socket);
  const found = [""];
  for (let at = 0; at < sent.length; at += size)
    for (const { data, last } of messages.read(sent.subarray(at, at + size))) {
      found[found.length - 1] += data.toString("latin1");
      if (last) found.push("");
    }
  return { found: found.slice(0, -1), answered: socket.read()?.length ?? 0, closed: messages.closed };
}

describe("messages of a WebSocket", () => {
  it("are the same in whatever pieces they arrive", () => {
    const large = randomBytes(70_000);
    const medium = Buffer.concat([Buffer.from([0x82, 126, 0x01, 0x00]), large.subarray(0, 256)]);
    const empty = Buffer.from([0x82, 0]);
    const sent = [
      begin("ab"),
      ping,
      begin("c").fill(0x00, 0, 1),
      end("d"),
      wholeFrames(1, large),
      medium,
      empty,
      close,
    ];
    const messages = ["abcd", `\x01${large.toString("latin1")}`, large.toString("latin1", 0, 256), ""];
    for (const size of [1, 2, 3, 7, 300, 65_536, 1_000_000])
      // A pong is a header of two bytes, a mask of four, and what the ping had.
      assert.deepEqual(read(Buffer.concat(sent), size), { found: messages, answered: 8, closed: true }, `by ${size}`);
  });

  it("end where the server closes the connection, whatever comes after that", () => {
    assert.deepEqual(read(Buffer.concat([end("a"), close, end("b")]), 100), {
      found: ["a"],
      answered: 0,
      closed: true,
    });
  });

  it("aren't whole where they are cut off", () => {
    const { found, closed } = read(Buffer.concat([end("a"), wholeFrames(1, Buffer.alloc(50)).subarray(0, 40)]), 100);
    assert.deepEqual([found, closed], [["a"], false]);
  });
});
