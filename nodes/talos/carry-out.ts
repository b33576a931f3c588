import type { LocalStep } from "../../model/node-preparation";
import { UserError } from "../../model/user-error";
import { makeMount, makeVolume } from "./change";
import { type TalosClient, talosClient } from "./client";
import type { UserVolume } from "./config";
import type { ImageLine } from "./judge-image";
import { upgradeStep, volumeStep } from "./step-ids";
import { upgrade } from "./upgrade";

/** Carries out one step on a node that runs Talos. Throws UserError or NodeAway with the reason. */
export async function carryOut(step: LocalStep): Promise<void> {
  const client = talosClient(step);
  try {
    await carryOutBy(client, step);
  } finally {
    client.close();
  }
}

function carryOutBy(client: TalosClient, step: LocalStep): Promise<void> {
  const { id, line } = step;
  if (id === upgradeStep) return upgrade(client, step, line as ImageLine);
  if (typeof line === "string") return makeMount(client, step, line);
  if (id.startsWith(volumeStep("")))
    return makeVolume(client, step, id.slice(volumeStep("").length), line as UserVolume);
  throw new UserError(`this checkout knows no step "${id}" of a node that runs Talos`);
}
