// The program's main.cjs, with the index.ts beside this file.
require("../../../transpile.cjs");
Error.prepareStackTrace = undefined;

module.exports = require("./index.ts");
