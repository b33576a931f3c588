/**
 * The map of the folders: what each may import, beside itself. Data flows one way: config, plan, components, the
 * cluster, ops. `npm run lint` fails on an import that isn't here, and on a circle, types included.
 */
const map = {
  model: [],
  kube: ["model"],
  config: ["model"],
  services: ["model"],
  plan: ["model"],
  mover: ["model"],
  components: ["model", "plan", "compile"],
  preflight: ["model", "kube", "plan"],
  backends: ["model", "config", "plan", "components", "preflight"],
  nodes: ["model", "config", "preflight"],
  policy: [],
  "local-cluster": ["model"],
  ops: [
    "node-version",
    "model",
    "kube",
    "config",
    "services",
    "backends",
    "nodes",
    "plan",
    "preflight",
    "mover",
    "policy",
    "known",
    "planned-pods",
    "local-cluster",
  ],
  bench: ["model", "kube", "config", "services", "plan", "mover", "ops", "local-cluster", "tests", "main"],
};
const roots = ["known", "planned-pods", "prepared-nodes"];
const program = [
  ...roots,
  "model",
  "kube",
  "config",
  "services",
  "plan",
  "components",
  "backends",
  "nodes",
  "preflight",
];

const only = (folders) => `^(${folders.join("|")})[/.]`;

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-circle",
      severity: "error",
      comment: "Two files that import each other, types included, have no order in which they can be read.",
      from: {},
      to: { circular: true },
    },
    ...Object.entries(map).map(([folder, allowed]) => ({
      name: `imports-of-${folder}`,
      severity: "error",
      comment: `${folder}/ imports only: ${[folder, ...allowed].join(", ")}.`,
      from: { path: `^${folder}/` },
      to: { dependencyTypes: ["local"], pathNot: only([folder, ...allowed]) },
    })),
    {
      name: "imports-of-the-program",
      severity: "error",
      comment: `index.ts imports only: ${program.join(", ")}.`,
      from: { path: "^index\\.ts$" },
      to: { dependencyTypes: ["local"], pathNot: only(program) },
    },
    {
      name: "pulumi-resources",
      severity: "error",
      comment: "All others decide or read; components/ and a backend's component create.",
      from: {
        path: "^(model|services|plan|backends|nodes)/",
        pathNot: "^backends/[^/]+/(component|pod|roles)\\.ts$",
      },
      to: { path: "node_modules/@pulumi/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "pulumi-resources",
      severity: "error",
      comment:
        "config/ and kube/ need Pulumi to read the stack's config and to refuse an update, and for nothing else.",
      from: { path: "^(config|kube)/" },
      to: { path: "node_modules/@pulumi/(?!pulumi/)" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(tests/fixtures/|node_modules/\\.cache/|\\.node_modules-)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
