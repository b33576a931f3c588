// Compiles this repository's TypeScript: for Node, which runs the program, and for the mover's pods. It does no
// type-check. It caches each result by the file's content, because compiling all files takes longer than everything
// else that the program does.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const cache = join(__dirname, "node_modules", ".cache", "cluster-storage");
const compiler = require("typescript/package.json").version;

const commonJs = { module: 1 /* CommonJS */, target: 10 /* ES2023 */, esModuleInterop: true };
/** Comments are removed, so that an edit of a comment doesn't change the mover's program. */
const esModule = { module: 7 /* ES2022 */, target: 10 /* ES2023 */, removeComments: true };

/**
 * The JavaScript of a file.
 * @param {string} file
 * @param {Record<string, number | boolean>} [options]
 * @returns {string}
 */
function compiled(file, options = commonJs) {
  const source = readFileSync(file, "utf8");
  const recipe = JSON.stringify([compiler, options]);
  const kept = join(cache, `${createHash("sha256").update(recipe).update(source).digest("hex")}.js`);
  try {
    return readFileSync(kept, "utf8");
  } catch {
    const { outputText } = require("typescript").transpileModule(source, { compilerOptions: options, fileName: file });
    keep(kept, outputText);
    return outputText;
  }
}

/** Writes the file whole or not at all. Where it can't be written, the next run compiles again. */
function keep(file, text) {
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // The checkout is read-only, so nothing is kept.
  }
}

module.exports = { cache, commonJs, compiled, esModule };
