import { ifFound, type Kube } from "../../kube/client";
import { waitForReadyPod } from "../../kube/pods";
import type { ServicePlan } from "../../model/plan";
import { UserError } from "../../model/user-error";
import type { Changing, Choice } from "./choose";
import { trySecret } from "./try";

/** How a password stands: what of its last rotation is still to be done. Undefined: nothing. */
export type Unfinished = string | undefined;

/** How long a server that was just updated may take to answer, in ms. */
const patience = 60_000;

/**
 * Why a password's rotation isn't finished. The state has to have the value, the Secret has to have it too, the server
 * has to take it, and it has to refuse the one before. `values`: those of the state.
 */
async function unfinished(
  kube: Kube,
  changing: Changing,
  services: readonly ServicePlan[],
  values: ReadonlyMap<string, string>,
): Promise<Unfinished> {
  const { service, key, generation, valueName, trial } = changing;
  const [value, before] = [values.get(valueName(generation)), values.get(valueName(generation - 1))];
  const what = `the ${key} of ${service}`;
  if (value === undefined) return `${what} was not generated yet`;
  const { namespace = "" } = services.find(({ name }) => name === service) ?? {};
  const secret = await ifFound(kube.core.readNamespacedSecret({ namespace, name: service }));
  if (Buffer.from(secret?.data?.[key] ?? "", "base64").toString("utf8") !== value)
    return `${what} is not in its Secret yet`;
  if (!trial) return undefined;
  const { server, how } = trial;
  const pod = await readyPod(kube, server);
  const now = await trySecret(kube, server, pod, how, value);
  if (now === "refused") return `${server.name} doesn't take ${what} yet`;
  if (now !== "taken") return `whether ${server.name} takes ${what} can't be told: ${now.unclear}`;
  if (before === undefined || (await trySecret(kube, server, pod, how, before)) === "refused") return undefined;
  return `${server.name} still takes the ${key} that ${service} had before`;
}

/** The reasons why the rotation isn't finished; none where it is. */
export async function allUnfinished(kube: Kube, { changing, services }: Choice, values: ReadonlyMap<string, string>) {
  const reasons: string[] = [];
  // One after the other: each asks the same server.
  for (const each of changing)
    reasons.push(...[await unfinished(kube, each, services, values)].flatMap((r) => r ?? []));
  return reasons;
}

async function readyPod(kube: Kube, { name, namespace, kind }: ServicePlan) {
  return waitForReadyPod(kube, { namespace, kind, workload: name }, patience).catch((error: Error) => {
    throw new UserError(`${name} is not ready, so no password can be tried: ${error.message}`);
  });
}
