// The program of a move's Job. The environment variable MOVE holds its task. Exit code 0: the service uses the target;
// 3: a person has to change something; 1: it was tried several times; 143: it was told to end, so the next pod goes on.
// If it fails before the switch, the service is back on its old volume.
import type { Move } from "../../model/mover";
import { runJob } from "../job";
import { Api, inCluster } from "../wire/api";
import { Context } from "./context";
import { dropRepository } from "./restore";
import { moveExit } from "../../model/move-exit";
import { ownVersion } from "./same-version";
import { runTries } from "./tries";

void runJob(async (told) => {
  const move: Move = JSON.parse(process.env.MOVE ?? "null");
  const options = { signal: told, version: ownVersion() };
  const context = new Context(new Api(inCluster()), move, options);
  const ended = await runTries(context);
  if (ended.code !== moveExit.told) await dropRepository(context);
  return ended;
});
