import { setTimeout as delay } from "node:timers/promises";
import type { LocalStep, StepState } from "../../model/node-preparation";
import { UserError } from "../../model/user-error";
import type { TalosClient } from "./client";
import type { UserVolume } from "./config";
import { mountDocument, volumeDocument } from "./documents";
import { askClient } from "./facts";
import type { TalosNodeFacts } from "./node-facts";
import { judgeMount } from "./judge-mount";
import { judgeVolume, volumeId } from "./judge-volume";

/** Milliseconds within which a change has to be there: a large disk is formatted in seconds. */
const patience = 180_000;
/** Milliseconds for which Talos may call a volume failed: it tries again by itself. */
const failedFor = 20_000;
const between = 1000;

type Verdict = Pick<StepState, "state" | "why">;

export async function makeMount(client: TalosClient, step: LocalStep, path: string): Promise<void> {
  const judge = (facts: TalosNodeFacts) => judgeMount(path, facts);
  if (await isDone(client, step, judge)) return;
  await patch(client, mountDocument(path));
  await awaitDone(client, judge, () => undefined);
  step.say("is ready");
}

export async function makeVolume(
  client: TalosClient,
  step: LocalStep,
  name: string,
  volume: UserVolume,
): Promise<void> {
  // The evidence that something is gone was judged by the program. Here it is only known what is there.
  const judge = (facts: TalosNodeFacts) => judgeVolume(name, volume, facts, false, []);
  if (await isDone(client, step, judge)) return;
  await patch(client, volumeDocument(name, volume));
  await awaitDone(client, judge, (facts) => facts.volumes[volumeId(name)] ?? { phase: "not known to Talos" });
  step.say("is ready");
}

/** Looks again before anything is changed: the program asked some time ago. */
async function isDone(client: TalosClient, step: LocalStep, judge: (facts: TalosNodeFacts) => Verdict) {
  const { state, why } = judge(await askClient(client));
  if (state === "refused") throw new UserError(why ?? "");
  if (state === "done") step.say("is there already");
  return state === "done";
}

/** Merges a document into the machine config, as far as that needs no restart. */
const patch = (client: TalosClient, document: object) =>
  client.run(["patch", "machineconfig", "--mode", "no-reboot", "--patch", JSON.stringify(document)], 60_000);

type Phase = { phase: string; error?: string } | undefined;

/** Waits for what a patch asks for. `phaseOf`: what Talos says of it meanwhile, where it says something. */
async function awaitDone(
  client: TalosClient,
  judge: (facts: TalosNodeFacts) => Verdict,
  phaseOf: (facts: TalosNodeFacts) => Phase,
): Promise<void> {
  const begun = Date.now();
  let failing: number | undefined;
  for (;;) {
    const facts = await askClient(client);
    const { state, why } = judge(facts);
    if (state === "done") return;
    const { phase, error } = phaseOf(facts) ?? { phase: "ready" };
    // What is half made looks like many things.
    if (state === "refused" && phase === "ready") throw new UserError(why ?? "");
    failing = phase === "failed" ? (failing ?? Date.now()) : undefined;
    if (failing !== undefined && Date.now() - failing > failedFor)
      throw new UserError(`Talos can't make it: ${error ?? "it gives no reason"}`);
    if (Date.now() - begun > patience)
      throw new UserError(
        `Talos took the change, and has not carried it out within ${patience / 1000} s` +
          `${phase === "ready" ? "" : `; it is ${phase}`}${error ? `: ${error}` : ""}`,
      );
    await delay(between);
  }
}
