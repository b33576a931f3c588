/** What is said of each mistake in what is asked for, and the arguments. */
export const mistakes: [line: string, ...args: string[]][] = [
  ["--from STACK and --to STACK must both be given: npm run promote -- --from dev --to prod", "--from", "one"],
  ["--from and --to are both one: there is nothing to carry over", "--from", "one", "--to", "one"],
  [
    'there is no Pulumi.onee.yaml: no stack "onee" in this checkout (did you mean "one"?)',
    "--from",
    "onee",
    "--to",
    "two",
  ],
  [
    'stack "web/two" is of project web, and this is cluster-storage: ' +
      "stacks of different projects can't be promoted into each other",
    "--from",
    "one",
    "--to",
    "web/two",
  ],
];

/** MOVE of a move that was not finished. */
export const unfinishedMove = {
  kind: "copy",
  job: "redis-data-1-to-2",
  service: "redis",
  namespace: "one-cache",
  workload: { kind: "Deployment", name: "redis" },
  volume: "redis-data",
  source: { claim: "redis-data", generation: 1 },
  target: { claim: "redis-data-2", generation: 2 },
};
