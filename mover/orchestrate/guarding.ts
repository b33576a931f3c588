import { enoughFilesAnnotation } from "../../model/metadata";
import type { Guard } from "../../model/copy-guard";
import type { CopyTask, Move } from "../../model/mover";
import { enoughOn, heldBefore, wasLeftFor } from "./notes";
import type { Claim } from "./objects";
import { nameOf } from "./workload";

/** What may become of the target's content, and by what a source is known that has lost its data. */
type Protection = Pick<CopyTask, "replace" | "wayOut" | "guard">;

/**
 * Decides by the claims' notes whether a move may replace what its target holds. `source` and `target`: undefined for
 * an emptyDir.
 */
export function protectionOf(move: Move, source: Claim | undefined, target: Claim | undefined): Protection {
  const replace = move.replace && target !== undefined && wasLeftFor(target, source);
  return {
    replace,
    ...(replace ? {} : { wayOut: wayOutOf(move) }),
    guard: guardOf(move, source ?? target, heldBefore(source)),
  };
}

/** What a person can do where the target's content can't be told to be older than the source's. */
function wayOutOf(move: Move): string {
  const { source, target, replace } = move;
  if (!replace) return instead(move);
  return (
    `The claim ${nameOf(target)} has no note that its data went to ${nameOf(source)}, so what it holds may be newer. ` +
    `${instead(move)}. To use ${nameOf(source)}: make generation ${source.generation} the one in use, with from: none`
  );
}

function guardOf(move: Move, noted: Claim | undefined, held: Guard["noted"]): Guard {
  const enough = enoughOn(noted);
  return {
    ...(held && { noted: held }),
    ...(enough !== undefined && { enough }),
    instead: instead(move),
    ...(noted && {
      accept: `kubectl -n ${move.namespace} annotate --overwrite pvc ${noted.metadata.name} ${enoughFilesAnnotation}=`,
    }),
  };
}

/** How the target is used without a copy. */
function instead({ service, source, target, replace }: Move): string {
  const name = nameOf(target);
  return replace
    ? `To use ${name} as it is: take "from: ${source.generation}" out of its lines in the stack file ` +
        `(npm run move -- ${service} --back --as-it-was does this)`
    : `To use ${name} without a copy: write from: none in its lines in the stack file`;
}
