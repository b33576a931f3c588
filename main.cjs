// What Pulumi starts.
require("./node-version.cjs").refuseOldNode();
require("./start.cjs");

module.exports = require("./index.ts");
