// The program of a move's Job. The environment variable MOVE holds its task. Exit code 0: the service uses the target;
// 3: a person has to change something; 1: it was tried several times; 143: it was told to end, so the next pod goes on.
// If it fails before the switch, the service is back on its old volume.
import { writeFileSync } from "node:fs";
import type { Move } from "../../model/mover";
import { Api, inCluster } from "../wire/api";
import { Context } from "./context";
import { ownVersion } from "./same-version";
import { runTries } from "./tries";

async function main(): Promise<void> {
  const told = new AbortController();
  process.on("SIGTERM", () => told.abort());
  const move: Move = JSON.parse(process.env.MOVE ?? "null");
  const options = { signal: told.signal, version: ownVersion() };
  const { code, message } = await runTries(new Context(new Api(inCluster()), move, options));
  if (message) {
    process.stderr.write(`${message}\n`);
    writeFileSync("/dev/termination-log", message.slice(0, 4000));
  }
  process.exit(code);
}

void main();
