import { isMap } from "../model/map";
import type { FromPoint } from "../model/restore";
import { checked, count, list, object, show, text } from "./fields";
import { accessMode, className, dnsName, size } from "./forms";

/** Where a claim's volumes are, and which of them is in use. */

export const placement = {
  backend: text().optional().meta({
    description: "The backend that its volume goes to, by its name in this file. Not together with `class`.",
    otherwise: "the cluster's default class",
  }),
  class: className.optional().meta({
    description: 'The StorageClass by name, or `""` for volumes that were made by hand. Not together with `backend`.',
    otherwise: "the cluster's default class",
  }),
  accessMode: accessMode
    .default("ReadWriteOnce")
    .describe("How the volume can be mounted; the backend has to allow it."),
  node: dnsName.optional().meta({
    description:
      "The node that the volume is made on, where the backend's volumes are tied to one, such as local-path's. " +
      "Another node later is a move: `npm run move -- SERVICE --node NODE`.",
    otherwise: "the scheduler's choice",
  }),
};

const generation = count(1, 999);
export const sizeField = size.describe("Size of the volume, with its unit (`10Gi`).");

const keptVolume = object({
  generation: generation.describe("Which volume of the claim it is."),
  size: sizeField,
  ...placement,
});

const pointForm = /^[0-9a-f]{8,64}$/;
const pointOwner = /^[^/\s]+\/[^/\s]+\/[^/\s]+$/;
const isPoint = (value: unknown) =>
  isMap(value) &&
  Object.keys(value).every((key) => ["point", "of", "leaves"].includes(key)) &&
  typeof value.point === "string" &&
  pointForm.test(value.point) &&
  (value.of === undefined || (typeof value.of === "string" && pointOwner.test(value.of))) &&
  (value.leaves === undefined || generation.safeParse(value.leaves).success);

const source = checked<number | "none" | FromPoint>(
  {
    anyOf: [
      { type: "integer", minimum: 1, maximum: 999 },
      { const: "none" },
      {
        type: "object",
        properties: {
          point: {
            type: "string",
            pattern: pointForm.source,
            description: "The id of a backup's point that was brought there; `npm run restore` writes it.",
          },
          of: {
            type: "string",
            pattern: pointOwner.source,
            description: "Whose point it is, as `PROJECT/STACK/SERVICE`.",
            otherwise: "the service's own",
          },
          leaves: {
            type: "integer",
            minimum: 1,
            maximum: 999,
            description: "The kept generation that the service has until then.",
            otherwise: "the newest kept one below `generation`",
          },
        },
        required: ["point"],
        additionalProperties: false,
      },
    ],
  },
  (value) => {
    if (value === "none" || generation.safeParse(value).success || isPoint(value)) return undefined;
    if (isMap(value))
      return (
        `${show(value)} names no point; one is { point: ID }, with the ID that npm run restore -- SERVICE --list ` +
        "shows and that YAML takes for text, of: PROJECT/STACK/SERVICE where it is another service's, and leaves: " +
        "GENERATION where the service leaves another one than the newest kept"
      );
    return `${show(value)} is not a generation; write the number of a generation that is listed under kept, or none`;
  },
);

/**
 * Which of a claim's volumes is in use, which others are kept, and which one the data is copied from. `npm run move`
 * writes these keys.
 */
export const generations = {
  generation: generation
    .default(1)
    .describe("Which volume of the claim is in use (docs/moving.md); `npm run move` writes it."),
  kept: list(keptVolume)
    .default([])
    .describe("Earlier or later volumes of the claim, which stay declared and protected until they are released."),
  from: source.optional().meta({
    description:
      "The kept generation whose data is copied to the one in use, or `none`; `{ point: ID }` where a backup's point " +
      "was brought there (docs/backups.md), which `npm run restore` writes.",
    otherwise: "the newest kept one below `generation`",
  }),
};
