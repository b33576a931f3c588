/** What `npm test` runs, in this order: the cheap suites first, so that a small mistake shows in seconds. */
export interface Suite {
  name: string;
  /** What a person reads before the suite's output. */
  about: string;
  /** Either programs of node_modules/.bin with their arguments, each counted as one test, ... */
  checks?: string[][];
  /** ... or Mocha's globs; a file counts where it is first. */
  mocha?: string[];
  /** Mocha's root hooks: what the suite needs, made before its first test and taken away after its last. */
  hooks?: string;
  /** Upper bound of one test, in milliseconds. Default: 10 s. */
  timeout?: number;
}

/** End-to-end tests that take the shared stack away, or come after those that do. */
const last = [
  "cleanup",
  "destroy",
  "adopt*",
  "moves",
  "move-faults",
  "move-worth",
  "nodes",
  "fills",
  "pod-room",
  "grows",
  "hands",
  "migration",
  "rotate",
  "interrupted",
  "backends",
  "examples",
  "instance",
  "images*",
];

export const suites: Suite[] = [
  { name: "typecheck", about: "the compiler, strict", checks: [["tsc", "--noEmit"]] },
  {
    name: "lint",
    about: "rules for the code, its form, the map of the folders, and exports that nobody uses",
    checks: [
      ["eslint", "--max-warnings", "0", "."],
      ["prettier", "--check", "."],
      ["depcruise", "--config", ".dependency-cruiser.mjs", "."],
      ["knip"],
    ],
  },
  {
    name: "unit",
    about: "pure parts and components, with mocks",
    mocha: ["tests/!(e2e|contract|manifests|workflows|fixtures|golden)/**/*.test.ts"],
    timeout: 30_000,
  },
  {
    name: "manifests",
    about: "both stacks' objects against the API server's own schemas",
    mocha: ["tests/manifests/**/*.test.ts"],
    timeout: 600_000,
  },
  {
    name: "workflows",
    about: "the workflows by actionlint, and against the commands that they run",
    mocha: ["tests/workflows/**/*.test.ts"],
    timeout: 600_000,
  },
  {
    name: "contract",
    about: "what the program relies on of the plugins, on a real cluster",
    mocha: ["tests/contract/**/*.test.ts"],
    hooks: "tests/contract/hooks.ts",
    timeout: 300_000,
  },
  {
    name: "e2e",
    about: "the product on a real cluster",
    // From nothing first; what takes the stack away comes after those that use it.
    mocha: [
      "tests/e2e/stack.test.ts",
      `tests/e2e/!(${last.join("|")}).test.ts`,
      "tests/e2e/interrupted.test.ts",
      "tests/e2e/*.test.ts",
    ],
    hooks: "tests/e2e/hooks.ts",
    timeout: 600_000,
  },
];
