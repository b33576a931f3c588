// What the pod at a move's source runs, told by the environment variable SERVE, with the key in KEY. It ends when it is
// told to, or when nobody has asked for long.
import type { ServeTask } from "../../model/mover";
import { sourceServer } from "./serving";

process.on("SIGTERM", () => process.exit(0));

const task: ServeTask = JSON.parse(process.env.SERVE ?? "");
const server = sourceServer(task, process.env.KEY, () => process.exit(0));
server.listen(task.port, () =>
  process.stdout.write(`${JSON.stringify({ serving: task.sourceName, ...Object(server.address()) })}\n`),
);
