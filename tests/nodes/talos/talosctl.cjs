#!/usr/bin/env node
// A talosctl that has its nodes in files, answers as the real one prints, and records each call. The folder is in
// FAKE_TALOS: ADDRESS.json is a node, calls.jsonl has one line a call.
const { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { provision } = require("./provision.cjs");
const { yaml } = require("./yaml.cjs");

const folder = process.env.FAKE_TALOS;
const argv = process.argv.slice(2);

/** Flags that take a value, as `talosctl --help` of v1.13 has them, so far as they are used. */
const valued = [
  "--talosconfig",
  "--context",
  "--nodes",
  "--mode",
  "--patch",
  "--image",
  "-o",
  "--timeout",
  "--drain-timeout",
];
const flags = {};
const words = [];
for (let i = 0; i < argv.length; i++) {
  const [flag, value] = argv[i].split(/=(.*)/s);
  if (valued.includes(flag)) flags[flag] = value ?? argv[++i];
  else if (flag.startsWith("-")) flags[flag] = value ?? true;
  else words.push(argv[i]);
}

const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);

function end(message, code = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

const record = (more) =>
  appendFileSync(
    join(folder, "calls.jsonl"),
    `${JSON.stringify({ argv, cmdline: readFileSync("/proc/self/cmdline", "utf8"), ...more })}\n`,
  );

const address = flags["--nodes"];
const file = join(folder, `${address}.json`);
const read = () => JSON.parse(readFileSync(file, "utf8"));
function write(node) {
  writeFileSync(`${file}.new`, JSON.stringify(node, undefined, 2));
  renameSync(`${file}.new`, file);
}

const type = {
  extensions: "ExtensionStatuses.runtime.talos.dev",
  volumestatus: "VolumeStatuses.block.talos.dev",
  volumeconfigs: "VolumeConfigs.block.talos.dev",
  disks: "Disks.block.talos.dev",
  discoveredvolumes: "DiscoveredVolumes.block.talos.dev",
  systemdisk: "SystemDisks.block.talos.dev",
  kubeletspec: "KubeletSpecs.kubernetes.talos.dev",
  nodename: "Nodenames.kubernetes.talos.dev",
  versions: "Versions.runtime.talos.dev",
};

/** The resources of a kind, by id. */
function resources(node, kind) {
  switch (kind) {
    case "extensions":
      return Object.fromEntries(
        [
          ...node.extensions.map((name) => ({ name, version: "v1" })),
          ...(node.schematic ? [{ name: "schematic", version: node.schematic }] : []),
        ].map((metadata, i) => [String(i), { image: `${i}.sqsh`, metadata }]),
      );
    case "systemdisk":
      return { "system-disk": { diskID: node.systemDisk.replace("/dev/", ""), devPath: node.systemDisk } };
    case "kubeletspec":
      return { kubelet: { image: "kubelet", extraMounts: node.mounts } };
    case "nodename":
      return { nodename: { nodename: node.name } };
    case "versions":
      return { version: { name: "Talos", version: node.version } };
    default:
      return node[kind];
  }
}

function get(kind) {
  if (!type[kind]) end(`error: resource "${kind}" is not registered`);
  const all = Object.entries(resources(read(), kind)).map(([id, spec]) => ({
    node: address,
    metadata: { namespace: "runtime", type: type[kind], id, version: 1, owner: "fake", phase: "running" },
    spec,
  }));
  process.stdout.write(all.map((one) => yaml(one)).join("---\n"));
}

function patch() {
  const document = JSON.parse(flags["--patch"]);
  const node = read();
  if (document.kind === "UserVolumeConfig") provision(node, document.name, document);
  else for (const mount of document.machine?.kubelet?.extraMounts ?? []) node.mounts.push(mount);
  write(node);
  process.stderr.write(`patched MachineConfigs.config.talos.dev/v1alpha1 at the node ${address}\n`);
  process.stderr.write("Applied configuration without a reboot\n");
}

function main() {
  if (flags["--talosconfig"] && !existsSync(flags["--talosconfig"]))
    end(`error: open ${flags["--talosconfig"]}: no such file`);
  record({ config: flags["--talosconfig"] && readFileSync(flags["--talosconfig"], "utf8").length });
  if (!existsSync(file) || read().away)
    end(
      'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial ' +
        `tcp ${address}:50000: connect: connection refused"`,
    );
  const { says, half = {} } = read();
  if (says) end(`error: ${says}`);
  if (words[0] === "get") return words[1] in half ? process.stdout.write(half[words[1]]) : get(words[1]);
  if (words[0] === "upgrade") {
    const [, schematic, version] = /\/([^/:]+):([^:]+)$/.exec(flags["--image"]);
    const node = read();
    // Where somebody plays the cluster, the node is gone from it before the call ends, as with the real one.
    const played = existsSync(join(folder, "restarts"));
    while (played && !existsSync(join(folder, `restarts-${address}`))) pause();
    return write({ ...node, version, schematic, extensions: node.inImage?.[schematic] ?? node.extensions });
  }
  if (words[0] === "patch" && words[1] === "machineconfig") {
    // As long as this file is there, the call doesn't come to its end.
    const held = join(folder, "hold");
    if (existsSync(held)) {
      writeFileSync(join(folder, "holding"), String(process.pid));
      while (existsSync(held)) pause();
    }
    return patch();
  }
  return end(`unknown command "${words[0]}" for "talosctl"`);
}

main();
