// Lets Node load the program's TypeScript. Each file is compiled once, without a type-check, and kept by its content:
// compiling all of them anew takes longer than everything else that the program does.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { enableCompileCache, _extensions } = require("node:module");
const { join } = require("node:path");

const cache = join(__dirname, "node_modules", ".cache", "cluster-storage");
const options = { module: 1 /* CommonJS */, target: 10 /* ES2023 */, esModuleInterop: true };
const compiler = require("typescript/package.json").version;
const recipe = JSON.stringify([compiler, options]);

// What V8 makes of the JavaScript, @pulumi/pulumi's included, is kept as well.
enableCompileCache?.(join(cache, "v8"));

_extensions[".ts"] = (module, file) => module._compile(compiled(file), file);

function compiled(file) {
  const source = readFileSync(file, "utf8");
  const kept = join(cache, `${createHash("sha256").update(recipe).update(source).digest("hex")}.js`);
  try {
    return readFileSync(kept, "utf8");
  } catch {
    const { outputText } = require("typescript").transpileModule(source, { compilerOptions: options, fileName: file });
    keep(kept, outputText);
    return outputText;
  }
}

/** Whole or not at all; where it can't be written, the next run compiles again. */
function keep(file, text) {
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A read-only checkout.
  }
}
