/** What `npm test` runs, in this order: the cheap suites first, so that a small mistake shows in seconds. */
export interface Suite {
  name: string;
  /** Of a suite that is cut in two: which part this is. `npm test -- NAME` runs both, `npm test -- NAME-PART` one. */
  part?: string;
  /** What a person reads before the suite's output. */
  about: string;
  /** A stage begins when the stage before it has ended, in both lanes. */
  stage: 1 | 2;
  /** The lanes of a stage run side by side, each of them one suite after another. */
  lane: 1 | 2;
  /** Either programs of node_modules/.bin with their arguments, each counted as one test, ... */
  checks?: string[][];
  /** ... or Mocha's globs; a file counts where it is first. */
  mocha?: string[];
  /** Mocha's root hooks: what the suite needs, made before its first test and taken away after its last. */
  hooks?: string;
  /** Upper bound of one test, in milliseconds. Default: 10 s. */
  timeout?: number;
}

/**
 * End-to-end tests that take the shared stack away, or come after those that do: the second lane, which begins with no
 * other suite. Whoever adds a file puts it where the run says that the lane ends first.
 */
const apart = [
  "backups",
  "backup-volume",
  "restore",
  "before-risk",
  "drill",
  "never-empty",
  "cleanup",
  "destroy",
  "adopt*",
  "moves",
  "move-faults",
  "move-worth",
  "nodes",
  "fills",
  "pod-room",
  "hands",
  "migration",
];

/** Of the first lane's cluster, at its end: what takes the stack away or ends its own commands, and what needs none. */
const last = [
  "grows",
  "neo4j",
  "interrupted",
  "rotate",
  "backends",
  "examples",
  "instance",
  "nodes-ssh",
  "nodes-talos",
  "images*",
];

/** Of the lane whose cluster begins from nothing: its first file. Both parts have it, because each has a cluster. */
const first = "stack";

/** The folders of unit tests that the first lane has time for beside types and lint. */
const around = ["kube", "local-cluster"];

/** Folders that have no unit tests. */
const ofOtherSuites = [
  ...["e2e", "contract", "manifests", "workflows", "backups", "second-reader", "mover", "lint", "shells"],
  ...["fixtures", "golden"],
];

const e2e = (...names: string[]) => names.map((name) => `tests/e2e/${name}.test.ts`);

export const suites: Suite[] = [
  {
    name: "typecheck",
    about: "the compiler, strict",
    stage: 1,
    lane: 1,
    checks: [["tsc", "--noEmit"]],
  },
  {
    name: "lint",
    about: "rules for the code, its form, the map of the folders, and exports that nobody uses",
    stage: 1,
    lane: 1,
    checks: [
      ["eslint", "--max-warnings", "0", "."],
      ["prettier", "--check", "."],
      ["depcruise", "--config", ".dependency-cruiser.mjs", "."],
      ["knip"],
    ],
  },
  {
    name: "unit",
    part: "around",
    about: "what is around the program: the cluster's API, and the local cluster",
    stage: 1,
    lane: 1,
    mocha: [`tests/{${around.join(",")}}/**/*.test.ts`],
    timeout: 30_000,
  },
  {
    name: "unit",
    part: "program",
    about: "pure parts and components, with mocks, and the commands",
    stage: 1,
    lane: 2,
    mocha: [`tests/!(${[...around, ...ofOtherSuites].join("|")})/**/*.test.ts`],
    timeout: 30_000,
  },
  {
    name: "programs",
    about: "the mover's programs and the catalogue's scripts as processes, and the linters on faults",
    stage: 1,
    lane: 1,
    mocha: ["tests/{mover,lint,shells}/**/*.test.ts"],
    timeout: 30_000,
  },
  {
    name: "manifests",
    about: "both stacks' objects against the API server's own schemas",
    stage: 2,
    lane: 1,
    mocha: ["tests/manifests/**/*.test.ts"],
    timeout: 600_000,
  },
  {
    name: "workflows",
    about: "the workflows by actionlint, and against the commands that they run",
    stage: 2,
    lane: 1,
    mocha: ["tests/workflows/**/*.test.ts"],
    timeout: 600_000,
  },
  {
    name: "backups",
    about: "the backup's program with the real restic, on this machine",
    stage: 2,
    lane: 1,
    mocha: ["tests/backups/**/*.test.ts"],
    timeout: 60_000,
  },
  {
    name: "contract",
    about: "what the program relies on of the plugins, on a real cluster",
    stage: 2,
    lane: 1,
    mocha: ["tests/contract/**/*.test.ts"],
    hooks: "tests/contract/hooks.ts",
    timeout: 300_000,
  },
  {
    name: "e2e",
    part: "shared",
    about: "the product on a real cluster: what leaves the stack as it is",
    stage: 2,
    lane: 1,
    mocha: e2e(first, `!(${[...apart, ...last].join("|")})`, ...last),
    hooks: "tests/e2e/hooks.ts",
    timeout: 600_000,
  },
  {
    name: "e2e",
    part: "apart",
    about: "the product on a real cluster: what takes the stack away, moves it or needs another",
    stage: 2,
    lane: 2,
    mocha: e2e(first, ...apart),
    hooks: "tests/e2e/hooks.ts",
    timeout: 600_000,
  },
];
