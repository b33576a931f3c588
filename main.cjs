// What Pulumi starts.
require("./start.cjs");

module.exports = require("./index.ts");
