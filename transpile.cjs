// Lets Node load the program's TypeScript.
const { enableCompileCache, _extensions } = require("node:module");
const { join } = require("node:path");
const { cache, compiled } = require("./compile.cjs");

// What V8 makes of the JavaScript, @pulumi/pulumi's included, is kept as well.
enableCompileCache?.(join(cache, "v8"));

_extensions[".ts"] = (module, file) => module._compile(compiled(file), file);
