// Lets Mocha load TypeScript as transpile.cjs does: compiled once and kept. A failed test's stack has the lines of the
// TypeScript.
const { enableCompileCache, _extensions } = require("node:module");
const { join } = require("node:path");
const { cache, commonJs, compiled } = require("../compile.cjs");

enableCompileCache?.(join(cache, "v8"));
process.setSourceMapsEnabled(true);

const options = { ...commonJs, inlineSourceMap: true };
_extensions[".ts"] = (module, file) => module._compile(compiled(file, options), file);
