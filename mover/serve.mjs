// @ts-check
// What the pod at a move's source runs, told by the environment variable SERVE, with the key in KEY. Ends when it is
// told
// to, or when nobody has asked for long.
import { sourceServer } from "./serving.mjs";

process.on("SIGTERM", () => process.exit(0));

const task = JSON.parse(process.env.SERVE ?? "");
const server = sourceServer(task, process.env.KEY, () => process.exit(0));
server.listen(task.port, () =>
  process.stdout.write(`${JSON.stringify({ serving: task.sourceName, ...Object(server.address()) })}\n`),
);
