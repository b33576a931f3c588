// Pulumi starts this file. By itself, Pulumi would use ts-node, which checks the types of each file in every preview.
// This loader only removes the types. The folder needs only its dependencies, so a copy of it works too.
const { readFileSync } = require("node:fs");
const { _extensions } = require("node:module");
const { ModuleKind, ScriptTarget, transpileModule } = require("typescript");

const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };

_extensions[".ts"] = (module, fileName) => {
  const { outputText } = transpileModule(readFileSync(fileName, "utf8"), { compilerOptions, fileName });
  module._compile(outputText, fileName);
};

require("./index.ts");
