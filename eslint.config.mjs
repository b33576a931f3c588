import tseslint from "typescript-eslint";

/** Data flows config -> plan -> components, `cluster/` knows nothing of the program, and nothing imports back. */
const forbidden = {
  "index.ts": { folders: ["cluster", "ops", "policy", "tests"] },
  config: { folders: ["components", "cluster", "ops", "policy", "tests"], packages: ["@pulumi/(?!pulumi)"] },
  services: { folders: ["components", "cluster", "config", "ops", "policy", "tests"], packages: ["@pulumi/"] },
  backends: { folders: ["cluster", "ops", "policy", "tests", "services"], packages: ["@pulumi/"] },
  plan: { folders: ["components", "cluster", "ops", "policy", "tests"], packages: ["@pulumi/"] },
  components: { folders: ["config", "services", "cluster", "ops", "policy", "tests"] },
  policy: { folders: ["config", "plan", "services", "backends", "components", "cluster", "ops", "tests"] },
  // The one thing it shares with the commands is how an error is shown.
  cluster: { folders: ["config", "plan", "services", "backends", "components", "policy", "tests", "ops(?!/errors)"] },
  ops: { folders: ["tests"] },
};

const importRules = Object.entries(forbidden).map(([where, { folders, packages = [] }]) => ({
  files: [where.endsWith(".ts") ? where : `${where}/**/*.{ts,mjs}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex: `^${where.endsWith(".ts") ? "\\./" : "(\\.\\./)+"}(${folders.join("|")})(/|$)`,
            message: `${where} must not import from there: data flows one way.`,
          },
          ...packages.map((regex) => ({ regex: `^${regex}`, message: `${where} decides; components/ create.` })),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["node_modules/", ".node_modules-*/", "**/*.d.mts"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-unused-vars": [
        "error",
        {
          argsIgnorePattern: "^_",
          varsIgnorePattern: "^_",
          destructuredArrayIgnorePattern: "^_",
          ignoreRestSiblings: true,
        },
      ],
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    // What runs commands and servers; the program awaits nothing, and its Pulumi types make these rules slow.
    files: ["cluster/**/*.ts", "ops/**/*.ts", "bench/**/*.ts", "tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
    },
  },
  {
    // An Output in a template string prints "[object Object]" into a manifest: pulumi.interpolate is meant.
    files: ["index.ts", "components/**/*.ts", "policy/**/*.ts"],
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true, allowNullish: true, allowAny: true },
      ],
    },
  },
  {
    // A component is loaded when a stack uses its backend, and not before: it brings Pulumi's types of resources.
    files: ["backends/**/*.ts"],
    rules: { "@typescript-eslint/no-require-imports": ["error", { allow: ["^\\.\\./components/"] }] },
  },
  ...importRules,
);
