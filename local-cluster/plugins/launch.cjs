"use strict";
// Runs one of the plugins. TypeScript is compiled once per file version into the cache directory: a plugin is
// started for every preview, and starting the compiler each time would cost more than the preview itself.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const os = require("node:os");
const path = require("node:path");

const cache = path.join(
  process.env.CLUSTER_STORAGE_CACHE ||
    path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "cluster-storage"),
  "plugins",
);
const layout = "1"; // raise when the compiler options below change

function compile(source, filename) {
  const ts = require("typescript");
  return ts.transpileModule(source, {
    fileName: filename,
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.CommonJS, esModuleInterop: true },
  }).outputText;
}

function compiled(filename) {
  const source = fs.readFileSync(filename, "utf8");
  const key = createHash("sha256").update(layout).update(source).digest("hex");
  const file = path.join(cache, `${key}.js`);
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    const output = compile(source, filename);
    store(file, output);
    return output;
  }
}

function store(file, output) {
  try {
    fs.mkdirSync(cache, { recursive: true });
    const partial = `${file}.${process.pid}`;
    fs.writeFileSync(partial, output);
    fs.renameSync(partial, file);
  } catch {
    // Without a writable cache the plugin only starts slower.
  }
}

Module.enableCompileCache?.(path.join(cache, "v8"));
require.extensions[".ts"] = (module, filename) => module._compile(compiled(filename), filename);

const [plugin, ...args] = process.argv.slice(2);
process.argv.splice(2, process.argv.length, ...args);
require(path.join(__dirname, plugin, "main.ts"));
