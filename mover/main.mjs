// @ts-check
// What a move's Job runs, told by the environment variable MOVE. Exit code 0: the service uses the target; 3: a person
// has to change something; 1: another try may go well. Whatever happens before the switch, the service is back on its
// old volume.
import { writeFileSync } from "node:fs";
import { Api, inCluster } from "./api.mjs";
import { Context } from "./context.mjs";
import { runMove } from "./run.mjs";

const told = new AbortController();
process.on("SIGTERM", () => told.abort());

const move = JSON.parse(process.env.MOVE ?? "null");
const context = new Context(new Api(inCluster()), move, { signal: told.signal });
const { code, message } = await runMove(context);
if (message) {
  process.stderr.write(`${message}\n`);
  writeFileSync("/dev/termination-log", message.slice(0, 4000));
}
process.exit(code);
