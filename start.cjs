// How a Pulumi program of this repository is run. Not by runtime options, because an older language host doesn't pass
// those on, and puts ts-node in place instead.
require("./transpile.cjs");
// ts-node's source maps: Pulumi asks for the position of every resource, and with them that is a tenth of a preview.
Error.prepareStackTrace = undefined;

// Where the engine was killed nobody reads what is printed here. Pulumi's handler of that error prints again, which fails
// again: such a process stayed, and grew to gigabytes.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));
