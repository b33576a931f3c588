// What Pulumi starts: index.ts, compiled our way. Not a runtime option, because an older language host doesn't pass
// those on, and puts ts-node in place instead.
require("./transpile.cjs");
// ts-node's source maps: Pulumi asks for the position of every resource, and with them that is a tenth of a preview.
Error.prepareStackTrace = undefined;

module.exports = require("./index.ts");
