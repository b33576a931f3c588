// Lets Node load the program's TypeScript.
const { enableCompileCache, _extensions } = require("node:module");
const { join } = require("node:path");
const { cache, compiled } = require("./compile.cjs");

// Node also keeps V8's compiled code of the JavaScript, @pulumi/pulumi's included.
enableCompileCache?.(join(cache, "v8"));

_extensions[".ts"] = (module, file) => module._compile(compiled(file), file);
