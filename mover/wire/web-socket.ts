import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/**
 * The messages that a WebSocket's server sends, as far as an exec needs them. Node's own WebSocket accepts no
 * certificate authority and reads without limit; this one reads only as fast as its caller. `head`: the data that came
 * with the answer to the upgrade.
 */
export async function* messages(socket: Duplex, head: Buffer): AsyncGenerator<Buffer> {
  let buffered = head;
  let parts: Buffer[] = [];
  for await (const chunk of chunks(socket)) {
    buffered = buffered.length > 0 ? Buffer.concat([buffered, chunk]) : chunk;
    for (let frame; (frame = readFrame(buffered));) {
      buffered = buffered.subarray(frame.length);
      if (frame.opcode === opcodes.close) return;
      if (frame.opcode === opcodes.ping) socket.write(maskedFrame(opcodes.pong, frame.payload));
      if (frame.opcode > opcodes.binary) continue;
      parts.push(frame.payload);
      if (!frame.final) continue;
      const [only] = parts;
      yield only && parts.length === 1 ? only : Buffer.concat(parts);
      parts = [];
    }
  }
}

/** Yields an empty chunk first, so that the data in the head is handled before anything else arrives. */
async function* chunks(socket: Duplex): AsyncGenerator<Buffer> {
  yield Buffer.alloc(0);
  yield* socket;
}

interface Frame {
  /** Whether this is the last frame of its message. */
  final: boolean;
  opcode: number;
  payload: Buffer;
  /** Bytes of the whole frame. */
  length: number;
}

/** The first whole frame; undefined where there is none yet. A server's frames are not masked. */
function readFrame(data: Buffer): Frame | undefined {
  if (data.length < 2) return undefined;
  const [first = 0, second = 0] = data;
  const short = second & 0x7f;
  const header = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (data.length < header) return undefined;
  const size = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
  if (data.length < header + size) return undefined;
  return {
    final: (first & 0x80) !== 0,
    opcode: first & 0x0f,
    payload: data.subarray(header, header + size),
    length: header + size,
  };
}

/** A frame from the client. Clients have to mask their frames; those sent here are short. */
function maskedFrame(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const masked = payload.map((byte, i) => byte ^ mask.readUInt8(i % 4));
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, masked]);
}

export function sayClose(socket: Duplex): void {
  if (socket.writable) socket.end(maskedFrame(opcodes.close, Buffer.from([0x03, 0xe8])));
}
