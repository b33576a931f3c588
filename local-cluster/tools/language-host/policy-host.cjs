// Stands between the CLI and a language host of before policy packs were its business: answers RunPlugin itself, and
// passes every other call on as it came. `policy-host.cjs HOST [its arguments]`; prints its port, as a plugin does.
const { spawn } = require("node:child_process");
const http2 = require("node:http2");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { createInterface } = require("node:readline");

const [program, ...args] = process.argv.slice(2);
const host = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
const children = new Set([host]);
// The host ends when the engine does, and takes everything along.
host.once("error", (error) => fail(`cannot run ${program}: ${error.message}`));
host.once("exit", (code) => process.exit(code ?? 1));
process.on("exit", () => children.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

createInterface({ input: host.stdout }).once("line", (port) => {
  const upstream = http2.connect(`http://127.0.0.1:${port.trim()}`);
  // The engine ends the host, whose connection may break a moment before it is seen to be gone: that is no news.
  upstream.on("error", (error) => setTimeout(() => fail(error.message), 2000));
  const server = http2.createServer();
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    if (headers[":path"].endsWith("/RunPlugin")) return answer(stream, runPolicyPack);
    pass(upstream, stream, headers);
  });
  server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
});

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function pass(upstream, stream, headers) {
  if (upstream.destroyed) return stream.close();
  const call = upstream.request(headers);
  let trailers = { "grpc-status": 14 };
  call.on("error", () => stream.close());
  call.on("response", (head, flags) => {
    // A call that failed at once is one block of headers.
    const only = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream.respond(head, only ? { endStream: true } : { waitForTrailers: true });
  });
  call.on("trailers", (last) => (trailers = last));
  call.on("data", (chunk) => stream.write(chunk));
  call.on("end", () => stream.end());
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.on("aborted", () => call.close(http2.constants.NGHTTP2_CANCEL));
  stream.pipe(call);
}

/** Reads the one message of a call, and answers it with messages of one field each. */
function answer(stream, run) {
  const received = [];
  stream.on("data", (chunk) => received.push(chunk));
  stream.on("end", () => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": 0 }));
    run(Buffer.concat(received).subarray(5), stream);
  });
}

const stdout = 1;
const stderr = 2;
const exitCode = 3;

/**
 * A pack is told the engine's address and its own directory, and looks for its package.json in the working directory.
 */
function runPolicyPack(request, stream) {
  const { 3: parameters = [], 4: environment = [], 5: [info] = [] } = fields(request);
  const directory = fields(info)[2][0].toString();
  const send = (field, type, payload) => stream.writable && stream.write(frame(field, type, payload));
  const say = (field) => (chunk) => send(field, lengthDelimited, Buffer.concat([varint(chunk.length), chunk]));
  const finish = (code) => {
    send(exitCode, integer, varint(code));
    stream.end();
  };
  let launcher;
  try {
    launcher = createRequire(join(directory, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  } catch {
    say(stderr)(Buffer.from(`${directory}: its dependencies are not installed (npm install)\n`));
    return finish(1);
  }
  const env = Object.fromEntries(
    environment.map(String).map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
  const pack = spawn(process.execPath, [launcher, ...parameters.map(String), directory], {
    cwd: directory,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(pack);
  pack.stdout.on("data", say(stdout));
  pack.stderr.on("data", say(stderr));
  pack.once("close", (code) => (children.delete(pack), finish(code ?? 1)));
  stream.on("close", () => pack.kill());
}

const integer = 0;
const lengthDelimited = 2;

/** The values of a protobuf message's fields that are texts, bytes or messages, by field number. */
function fields(message) {
  const found = {};
  let at = 0;
  const next = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = next();
    const value = next();
    if (key % 8 !== lengthDelimited) continue;
    (found[key >> 3] ??= []).push(message.subarray(at, (at += value)));
  }
  return found;
}

function varint(value) {
  const bytes = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

/** One gRPC message: not compressed, its length, its only field. */
function frame(field, type, payload) {
  const head = Buffer.alloc(6);
  head.writeUInt32BE(payload.length + 1, 1);
  head[5] = field * 8 + type;
  return Buffer.concat([head, payload]);
}
