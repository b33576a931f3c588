// How a Pulumi program of this repository is run. Not by runtime options, because an older language host doesn't pass
// those on, and puts ts-node in place instead.
const Module = require("node:module");
require("./transpile.cjs");
// ts-node's source maps: Pulumi asks for the position of every resource, and with them that is a tenth of a preview.
Error.prepareStackTrace = undefined;

// Where the engine was killed nobody reads what is printed here. Pulumi's handler of that error prints again, which
// fails
// again: such a process stayed, and grew to gigabytes.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));

// Pulumi's SDK brings a compiler and npm's resolver along, for functions that are to run elsewhere. This program has
// none,
// and loading the two took a tenth of a preview: they are loaded when something of them is asked for.
const seldomUsed = new Set(["typescript", "@npmcli/arborist"]);
const load = Module._load;

Module._load = (request, parent, isMain) => {
  const whole = () => load(request, parent, isMain);
  return seldomUsed.has(request) && /[\\/]@pulumi[\\/]pulumi[\\/]/.test(parent?.filename ?? "")
    ? whenAsked(whole)
    : whole();
};

/** Calls itself a module as the SDK's own are, so that it is passed on as it is. */
function whenAsked(whole) {
  return new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : whole()[key]) });
}
