import type { NodeAnswer } from "./ask";

/** What keeps the update from touching storage after the steps; undefined where every node is as the config says. */
export function notPrepared(answers: readonly NodeAnswer[]): string | undefined {
  const wrong = answers.flatMap(({ node, away, states }) =>
    away === undefined
      ? states
          .filter(({ state }) => state !== "done")
          .map(({ words, why }) => `${node.name}: ${words} is not there${why === undefined ? "" : `: ${why}`}`)
      : [`${node.name}: ${away}`],
  );
  if (wrong.length === 0) return undefined;
  return [
    "the nodes were prepared, and were looked at again before the first storage; they are not as the config says, " +
      "so no storage was touched:",
    ...wrong,
  ].join("\n");
}
