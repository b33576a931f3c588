import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** A piece of a message, as it arrived. */
export interface Piece {
  data: Buffer;
  /** Whether the message ends with it. */
  last: boolean;
}

/**
 * Takes the messages that a WebSocket's server sends out of what arrives, as far as an exec needs them. Node's own
 * WebSocket accepts no certificate authority and reads without limit; this one reads only as fast as its caller. A
 * volume's data comes this way, so nothing of a message is copied or waited for.
 */
export class Messages {
  /** Whether the server has said that it closes the connection. */
  closed = false;
  /** The beginning of a frame. */
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes that are missing of the frame's content. */
  #missing = 0;
  #final = false;

  constructor(readonly socket: Duplex) {}

  /** The pieces in what arrived next. */
  *read(chunk: Buffer): Generator<Piece> {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = Buffer.alloc(0);
    while (data.length > 0 && !this.closed) {
      if (this.#missing > 0) {
        const piece = data.subarray(0, this.#missing);
        this.#missing -= piece.length;
        data = data.subarray(piece.length);
        yield { data: piece, last: this.#missing === 0 && this.#final };
        continue;
      }
      const frame = readHeader(data);
      const isControl = frame !== undefined && frame.opcode > opcodes.binary;
      if (!frame || (isControl && data.length < frame.header + frame.size)) {
        this.#rest = data;
        return;
      }
      const { header, size, opcode, final } = frame;
      if (isControl) {
        if (opcode === opcodes.close) this.closed = true;
        if (opcode === opcodes.ping) this.socket.write(maskedFrame(opcodes.pong, data.subarray(header, header + size)));
        data = data.subarray(header + size);
        continue;
      }
      [this.#missing, this.#final] = [size, final];
      data = data.subarray(header);
      if (size === 0 && final) yield { data: Buffer.alloc(0), last: true };
    }
  }
}

interface Header {
  /** Whether this is the last frame of its message. */
  final: boolean;
  opcode: number;
  /** Bytes of the header, and of the content behind it. */
  header: number;
  size: number;
}

/** What begins with a frame's whole header; undefined where that isn't there yet. A server's frames are not masked. */
function readHeader(data: Buffer): Header | undefined {
  if (data.length < 2) return undefined;
  const [first = 0, second = 0] = data;
  const short = second & 0x7f;
  const header = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (data.length < header) return undefined;
  const size = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
  return { final: (first & 0x80) !== 0, opcode: first & 0x0f, header, size };
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
