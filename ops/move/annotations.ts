import { z } from "zod";
import type { ClaimFacts } from "../../model/facts";
import { movedAnnotation, movedToAnnotation } from "../../model/metadata";

const moved = z.object({
  from: z.string(),
  at: z.coerce.date(),
  files: z.number(),
  bytes: z.number(),
  seconds: z.number(),
  sha256: z.string(),
});
const movedTo = z.object({ to: z.string(), at: z.coerce.date() });

export type Moved = z.infer<typeof moved>;

type Annotated = Pick<ClaimFacts, "annotations"> | undefined;

/** What a move has left on its target claim; undefined where there is nothing, or where it can't be understood. */
export const movedOf = (claim: Annotated) => readNote(moved, claim?.annotations[movedAnnotation]);

/** What a move has left on its source claim. */
export const movedToOf = (claim: Annotated) => readNote(movedTo, claim?.annotations[movedToAnnotation]);

/** What the text of an annotation holds as JSON; undefined where there is none, or where it can't be understood. */
export function readNote<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
