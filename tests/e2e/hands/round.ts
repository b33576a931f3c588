import { setTimeout as delay } from "node:timers/promises";
import type { Ended } from "../cli";
import { until } from "../state";
import { advisedIn, type Advised } from "./advice";
import type { Command, Round } from "./draw";
import type { Ground } from "./ground";
import type { Store } from "./stores";
import { stores } from "./stores";

/** What a round found. Both lists are empty where the product kept its word. */
export interface Found {
  /** Commands of ours after which acknowledged records were gone that were there before. */
  lost: string[];
  /** Reports that saw nothing wrong while the data wasn't where the stack file says. */
  green: string[];
  /** All that was run, for the message of a failure. */
  log: string[];
  tell: (line: string) => void;
}

/** Does it, and tells how long it took. */
async function timed<T>(what: string, tell: (line: string) => void, work: () => Promise<T>): Promise<T> {
  const begun = Date.now();
  return work().finally(() => tell(`${what}: ${((Date.now() - begun) / 1000).toFixed(1)} s`));
}

/** The reports that every round asks for, whatever it draws. */
const reports = ["status", "impact"] as const;
type Report = Command | (typeof reports)[number] | "begin-empty" | "move --anew";

/** Does what the round says and mends it by our commands alone; every service has all its records then. */
export async function runRound(
  ground: Ground,
  { store, hand, commands }: Round,
  tell: (line: string) => void,
): Promise<Found> {
  const found: Found = { lost: [], green: [], log: [], tell };
  await timed("writes", tell, () => Promise.all(stores.map((each) => ground.write(each))));
  await timed("the hand", tell, async () => {
    await hand.does(ground, store);
    await settled(ground, store);
  });
  for (const command of commands) await judge(ground, store, command, found);
  await Promise.all(reports.map((report) => judge(ground, store, report, found)));
  await hand.undo?.(ground, store);
  await mend(ground, store, found);
  return found;
}

/** Gives the cluster the time that it takes to do by itself what the hand asked for. */
async function settled(ground: Ground, store: Store): Promise<void> {
  const look = async () => `${await ground.away(store)} ${await ground.onDisk(store)}`;
  await until("the cluster has settled", async () => {
    const before = await look();
    await delay(1200);
    return !(await ground.losesVolume(store)) && (await look()) === before;
  });
}

async function judge(ground: Ground, store: Store, command: Report, found: Found): Promise<Ended> {
  const before = await ground.onDisk(store);
  const away = await ground.away(store);
  const ended = await timed(command, found.tell, () => runCommand(ground, store, command));
  found.tell(`  exit code ${ended.exitCode}${away === undefined ? "" : `; ${away}`}`);
  found.log.push(`-- ${command}: exit code ${ended.exitCode}\n${ended.printed}`);
  if (before.length > 0 && (await ground.onDisk(store)).length === 0) found.lost.push(command);
  const data = ground.acknowledged.get(store.name)!.length > 0;
  if (data && away !== undefined && isGreen(command, ended, store) && (await ground.away(store)) !== undefined)
    found.green.push(`${command}: ${away}`);
  return ended;
}

async function runCommand(ground: Ground, store: Store, command: Report): Promise<Ended> {
  switch (command) {
    case "up":
      return ground.up();
    case "refresh, up": {
      const refreshed = await ground.pulumi("refresh", "--yes", "--skip-preview");
      return refreshed.exitCode === 0 ? ground.up() : refreshed;
    }
    case "preview":
      return ground.pulumi("preview");
    case "verify":
      return ground.ops("verify", store.name);
    case "begin-empty":
      return ground.ops("recover", "--begin-empty", store.name);
    case "move --anew":
      return ground.ops("move", store.name, "--anew", "--yes");
    case "adopt":
      return ground.ops("adopt", "--yes");
    case "move":
      return ground.ops("move", store.name, "--to", "other", "--yes");
    case "release":
      return ground.ops("release", store.name, "--yes");
    default:
      return ground.ops(command);
  }
}

/** Whether what was run says that all is well with the service's data. Others say nothing of it. */
function isGreen(command: Report, { exitCode, printed }: Ended, { name, claim }: Store): boolean {
  if (exitCode !== 0 || ["preflight", "recover", "begin-empty"].includes(command)) return false;
  if (command !== "status") return true;
  // The lines below the table that are indented say what isn't as it should be.
  return !printed
    .split("\n")
    .some((line) => line.startsWith("  ") && [name, claim(1)].some((word) => line.includes(word)));
}

/** Does what our messages advise, until an update ends well and every service has what it acknowledged. */
async function mend(ground: Ground, store: Store, found: Found): Promise<void> {
  for (let tries = 0; !(await isMended(ground, store, found)); tries++) {
    if (tries === 3) throw new Error(`the stack can't be mended\n${found.log.join("\n")}`);
  }
  for (const each of stores) {
    const missing = await ground.missing(each);
    if (missing.length > 0) found.lost.push(`${each.name} has ${missing.length} records less`);
  }
}

/** Runs an update, and then what its refusal or else the status advises. */
async function isMended(ground: Ground, store: Store, found: Found): Promise<boolean> {
  const updated = await updateWithRoom(ground, store, found);
  if (updated.exitCode === 0) await becomesBound(ground, store);
  const { printed } = updated.exitCode === 0 ? await judge(ground, store, "status", found) : updated;
  const advice = advisedIn(printed);
  if (updated.exitCode === 0 && advice.length === 0) return (await ground.away(store)) === undefined;
  if (advice.length === 0) throw new Error(`nothing says how to mend it\n${found.log.join("\n")}`);
  for (const step of advice) await follow(ground, store, step, found);
  return false;
}

/**
 * An update. One that finds the disk full is made again, as its refusal says, for two minutes: a round before may have
 * filled the disk, and the kubelet measures each volume by itself, so what another volume says may be older.
 */
async function updateWithRoom(ground: Ground, store: Store, found: Found): Promise<Ended> {
  for (const end = Date.now() + 150_000; ; await delay(20_000)) {
    const ended = await judge(ground, store, "up", found);
    if (ended.exitCode === 0 || !ended.printed.includes("shows within two minutes") || Date.now() > end) return ended;
  }
}

async function follow(ground: Ground, store: Store, step: Advised, found: Found): Promise<void> {
  found.tell(`advised: ${step.run}`);
  if (step.run === "patch") {
    await ground.kubectl(step.args);
    return;
  }
  if (step.run === "begin-empty") {
    const left = await ground.onDisk(store);
    if (left.length > 0) found.lost.push(`the advice to begin empty beside ${left.join(" and ")}`);
    // The hand itself took the data, and somebody gives it up by name.
    ground.giveUp(store);
  }
  await judge(ground, store, step.run, found);
}

/** A claim that was made just now needs a moment. */
async function becomesBound(ground: Ground, store: Store): Promise<void> {
  const isThere = async () => (await ground.away(store)) === undefined;
  await until("the service has its data", isThere, 20).catch(() => undefined);
}
