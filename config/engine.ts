import { matching, oneOf } from "./fields";

/** What the stack config says of the engine behind an image. */

export const version = matching(
  /^\d+(\.\d+)*$/,
  (value) => `"${value}" is not a version; write numbers with dots between them, for instance 7.4.11`,
)
  .optional()
  .meta({
    description: "The engine's version, for an image whose tag doesn't say it, such as one by its digest alone.",
    otherwise: "the tag's",
  });

export const acceptLibc = oneOf(["bullseye", "bookworm", "trixie"])
  .optional()
  .meta({
    description:
      "The Debian release whose order of text is accepted for files that another release wrote; the indexes have to " +
      "be made anew after the update (docs/versions.md).",
    otherwise: "another release is refused",
  });
