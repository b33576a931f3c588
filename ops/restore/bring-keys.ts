import { constants, generateKeyPairSync, privateDecrypt } from "node:crypto";
import type { Kube } from "../../kube/client";
import { sealedPrefix, type SealedKeys } from "../../model/backup";
import { UserError } from "../../model/user-error";
import { toCreate } from "../adopt/wanted";
import type { Planned } from "../adopt/types";
import { linesOf, type CronJobRef } from "../backup/job";
import { previewSteps } from "../pulumi/preview";
import { replaceState } from "../pulumi/replace-state";
import { exportState, stackId, type Stack } from "../pulumi/stack";
import type { Filling } from "./to-fill";
import { valueNames, withValues, type GivenValue } from "./values";

/**
 * Gives the stack's state the passwords and keys that the points were made with, where a state that was lost had them:
 * the data can't be read with others. They stay in this process and, encrypted, in the state. Returns how many.
 */
export async function bringKeys(
  stack: Stack,
  kube: Kube,
  job: CronJobRef,
  fillings: readonly Filling[],
): Promise<number> {
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
  const values = valuesOf(fillings, sealed, privateKey);
  if (values.length === 0) return 0;
  const planned = toCreate(await previewSteps<Planned>(stack));
  const state = await exportState(stack);
  await replaceState(stack, state, withValues(state, planned, values, stackId(stack)));
  return values.length;
}

function valuesOf(fillings: readonly Filling[], sealed: readonly SealedKeys[], privateKey: string): GivenValue[] {
  return fillings.flatMap(({ service, point }) =>
    valueNames(service).flatMap(({ key, name }) => {
      const text = sealed.find((each) => each.point === point.id)?.keys[key];
      return text === undefined ? [] : [{ name, value: open(text, privateKey) }];
    }),
  );
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
