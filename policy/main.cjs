// What Pulumi starts. It would have ts-node check the types of each file first, in every preview: here they are only
// taken away. The folder needs nothing outside itself but its dependencies, so a copy of it works as well.
const { readFileSync } = require("node:fs");
const { _extensions } = require("node:module");
const { ModuleKind, ScriptTarget, transpileModule } = require("typescript");

const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };

_extensions[".ts"] = (module, fileName) => {
  const { outputText } = transpileModule(readFileSync(fileName, "utf8"), { compilerOptions, fileName });
  module._compile(outputText, fileName);
};

require("./index.ts");
