import { constants, generateKeyPairSync, privateDecrypt } from "node:crypto";
import type { Kube } from "../../kube/client";
import { sealedPrefix, type SealedKeys } from "../../model/backup";
import { count } from "../../model/quantity";
import { UserError } from "../../model/user-error";
import { catalogue } from "../../services/catalogue";
import { toCreate } from "../adopt/wanted";
import type { Planned } from "../adopt/types";
import { linesOf, type CronJobRef } from "../backup/job";
import { keepState } from "../pulumi/kept-state";
import { previewSteps } from "../pulumi/preview";
import { replaceState } from "../pulumi/replace-state";
import { exportState, stackId, type Stack } from "../pulumi/stack";
import { readValues } from "../rotate/values";
import { chooseValues, startedIn } from "./choose-values";
import type { Filling } from "./to-fill";
import { withValues } from "./values";

/**
 * Gives the stack's state the passwords and keys that the points were made with, where a state that was lost had them:
 * the data can't be read with others. They stay in this process and, encrypted, in the state. Returns what to say.
 */
export async function bringKeys(
  stack: Stack,
  kube: Kube,
  job: CronJobRef,
  fillings: readonly Filling[],
): Promise<string[]> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 3072,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const keys = { points: fillings.map(({ point }) => point.id), publicKey };
  const { lines, failed } = await linesOf(kube, job, { act: "keys", keys });
  if (failed !== undefined) throw new UserError(`${failed}. Nothing was changed`);
  const sealed = lines.flatMap((line) =>
    line.startsWith(sealedPrefix) ? [JSON.parse(line.slice(sealedPrefix.length)) as SealedKeys] : [],
  );
  if (keys.points.some((point) => !sealed.some((each) => each.point === point)))
    throw new UserError("the job did not say all of the points' keys. Nothing was changed");
  const points = fillings.map(({ service, point }) => ({
    service,
    point,
    values: valuesOf(point.id, sealed, privateKey),
  }));
  const state = await exportState(stack);
  const facts = { values: await readValues(stack), hasStarted: startedIn(state) };
  const { brought, replaced, kept } = chooseValues(points, facts, catalogue);
  if (brought.length === 0) return kept;
  const planned = toCreate(await previewSteps<Planned>(stack));
  // What is replaced was mostly generated for nothing, by an update that was refused; if not, it is in the copy.
  const file = replaced.length > 0 ? await keepState(stack, state) : undefined;
  await replaceState(stack, state, withValues(state, planned, brought, stackId(stack)));
  return [
    `${count(brought.length, "password or key", "passwords and keys")} of before are in the stack's state`,
    ...(file === undefined
      ? []
      : [
          `they took the place of ${replaced.join(", ")} there; a copy of the state before is kept: pulumi stack ` +
            `import --stack ${stack.name} --file ${file} brings it back`,
        ]),
    ...kept,
  ];
}

function valuesOf(point: string, sealed: readonly SealedKeys[], privateKey: string): Record<string, string> {
  const keys = Object.entries(sealed.find((each) => each.point === point)?.keys ?? {});
  return Object.fromEntries(keys.map(([key, text]) => [key, open(text, privateKey)]));
}

const open = (text: string, key: string) =>
  Buffer.concat(
    text
      .split(" ")
      .map((piece) =>
        privateDecrypt(
          { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
          Buffer.from(piece, "base64"),
        ),
      ),
  ).toString("utf8");
