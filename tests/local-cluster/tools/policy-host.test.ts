import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  GetProgramDependenciesRequest,
  ProgramInfo,
  RunPluginRequest,
  type RunPluginResponse,
} from "@pulumi/pulumi/proto/language_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../stack";

/** A language host that knows one call, and is as it was started; everything else is unimplemented. */
const oldHost = `#!/usr/bin/env node
const grpc = require("@grpc/grpc-js");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const server = new grpc.Server();
const version = process.argv.slice(2).join(" ").repeat(50000);
server.addService(LanguageRuntimeService, {
  getPluginInfo: (_call, answer) => answer(null, new PluginInfo().setVersion(version)),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_error, port) => console.log(port));
`;

/** Resets the connection that it is given, and ends after that. */
const endingHost = `#!/usr/bin/env node
const server = require("node:net").createServer((socket) => {
  socket.resetAndDestroy();
  setTimeout(() => process.exit(7), 200);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

/** In the place of the SDK's program that runs a policy pack. */
const launcher = `
console.log("started in " + process.cwd() + " with " + process.argv.slice(2).join(" ") + " and " + process.env.LEVEL);
console.error("a warning");
if (process.env.LEVEL === "stays") setInterval(() => undefined, 1000);
else process.exitCode = 200;
`;

describe("the language host in front of the one that is built", function () {
  this.timeout(60_000);
  let scratch: string;
  let host: ChildProcess;
  let client: LanguageRuntimeClient;

  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "policy-host-"));
    const program = join(scratch, "old", "host");
    await mkdir(join(scratch, "old"));
    await symlink(join(root, "node_modules"), join(scratch, "old", "node_modules"));
    await writeFile(program, oldHost);
    await chmod(program, 0o755);
    const run = join(scratch, "pack", "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
    await mkdir(run, { recursive: true });
    await writeFile(join(run, "index.js"), launcher);
    host = spawn(
      process.execPath,
      [join(root, "local-cluster/tools/language-host/policy-host.cjs"), program, "127.0.0.1:1"],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [port] = (await once(createInterface({ input: host.stdout! }), "line")) as [string];
    client = new LanguageRuntimeClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  });
  after(async () => {
    client?.close();
    if (host?.exitCode === null) {
      host.kill();
      await once(host, "exit");
    }
    await rm(scratch, { recursive: true });
  });

  function runPlugin(level: string, pack = "pack") {
    const info = new ProgramInfo()
      .setProgramDirectory(join(scratch, pack))
      .setRootDirectory(join(scratch, pack))
      .setEntryPoint(".");
    const request = new RunPluginRequest()
      .setPwd(scratch)
      .setArgsList(["127.0.0.1:1"])
      .setEnvList([`LEVEL=${level}`])
      .setInfo(info)
      .setKind("analyzer");
    return client.runPlugin(request);
  }

  /** All that a plugin says until its end. */
  async function ending(call: grpc.ClientReadableStream<RunPluginResponse>) {
    const said = { stdout: "", stderr: "", exitCode: -1 };
    for await (const response of call as AsyncIterable<RunPluginResponse>) {
      said.stdout += Buffer.from(response.getStdout_asU8()).toString();
      said.stderr += Buffer.from(response.getStderr_asU8()).toString();
      if (response.hasExitcode()) said.exitCode = response.getExitcode();
    }
    return said;
  }

  it("passes a call and a large answer on, with the arguments that it was started with", async () => {
    const info = await new Promise<PluginInfo>((resolve, reject) =>
      client.getPluginInfo(new Empty(), (error, answer) => (error ? reject(error) : resolve(answer))),
    );
    assert.equal(info.getVersion(), "127.0.0.1:1".repeat(50000));
  });

  it("passes a refusal on", async () => {
    const error = await new Promise<grpc.ServiceError | null>((resolve) =>
      client.getProgramDependencies(new GetProgramDependenciesRequest(), resolve),
    );
    assert.equal(error?.code, grpc.status.UNIMPLEMENTED);
  });

  it("runs a policy pack in its folder, with the engine's address and its environment, to its exit code", async () => {
    const pack = join(scratch, "pack");
    assert.deepEqual(await ending(runPlugin("strict")), {
      stdout: `started in ${pack} with 127.0.0.1:1 ${pack} and strict\n`,
      stderr: "a warning\n",
      exitCode: 200,
    });
  });

  it("says so where the pack's dependencies are missing", async () => {
    await mkdir(join(scratch, "bare"), { recursive: true });
    assert.deepEqual(await ending(runPlugin("strict", "bare")), {
      stdout: "",
      stderr: `${join(scratch, "bare")}: its dependencies are not installed (npm install)\n`,
      exitCode: 1,
    });
  });

  it("ends without a word when the host does, though its connection breaks first", async () => {
    const program = join(scratch, "old", "ending");
    await writeFile(program, endingHost);
    await chmod(program, 0o755);
    const front = spawn(process.execPath, [join(root, "local-cluster/tools/language-host/policy-host.cjs"), program], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    front.stderr.on("data", (chunk) => (said += chunk));
    const [code] = (await once(front, "close")) as [number];
    assert.deepEqual([code, said], [7, ""]);
  });

  it("ends the pack when the engine is done with it", async () => {
    const call = runPlugin("stays");
    call.on("error", () => undefined);
    await once(call, "data");
    call.cancel();
    // The next one is only answered by a host that is still there.
    assert.equal((await ending(runPlugin("strict"))).exitCode, 200);
  });
});
