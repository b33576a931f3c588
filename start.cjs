// Sets up Node for a Pulumi program of this repository. Runtime options can't do it: an older language host doesn't
// pass them on and installs ts-node instead.
const Module = require("node:module");
require("./transpile.cjs");
// Removes ts-node's source maps: Pulumi asks for the position of every resource, which takes a tenth
// of a preview with them.
Error.prepareStackTrace = undefined;

// When the engine was killed, nobody reads what is printed here, and printing fails. Pulumi's handler of that error
// prints again, which fails again: such a process stayed and grew to gigabytes.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));

// Pulumi's SDK loads a compiler and npm's resolver for functions that are to run elsewhere. This program has no such
// functions, and loading the two took a tenth of a preview. So they are loaded only when they are used.
const seldomUsed = new Set(["typescript", "@npmcli/arborist"]);
const load = Module._load;

Module._load = (request, parent, isMain) => {
  const whole = () => load(request, parent, isMain);
  return seldomUsed.has(request) && /[\\/]@pulumi[\\/]pulumi[\\/]/.test(parent?.filename ?? "")
    ? whenAsked(whole)
    : whole();
};

/**
 * Stands in for a module until it is used. It is marked as an ES module, as the SDK's own are, so that it is passed on
 * as it is.
 */
function whenAsked(whole) {
  return new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : whole()[key]) });
}
