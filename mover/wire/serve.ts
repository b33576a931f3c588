// The program of the pod at a move's source. The environment variable SERVE holds its task, KEY the key. It ends when
// it is told to, or after a long time without a request.
import type { ServeTask } from "../../model/mover";
import { sourceServer } from "./serving";

process.on("SIGTERM", () => process.exit(0));

const task: ServeTask = JSON.parse(process.env.SERVE ?? "");
const server = sourceServer(task, process.env.KEY, () => process.exit(0));
server.listen(task.port, () =>
  process.stdout.write(`${JSON.stringify({ serving: task.sourceName, ...Object(server.address()) })}\n`),
);
