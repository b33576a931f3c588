import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", ".node_modules-*/", "**/*.d.mts"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.{ts,mts,cts,mjs,cjs}"],
    // Prettier leaves long strings and comments as they are.
    rules: { "max-len": ["error", 120], "max-lines": ["error", 200] },
  },
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
    files: ["local-cluster/**/*.ts", "kube/**/*.ts", "mover/**/*.ts", "ops/**/*.ts", "bench/**/*.ts", "tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
    },
  },
  {
    // An Output in a template string prints "[object Object]" into a manifest: pulumi.interpolate is meant.
    files: ["index.ts", "components/**/*.ts", "backends/*/component.ts", "policy/**/*.ts"],
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true, allowNullish: true, allowAny: true },
      ],
    },
  },
  {
    // A component is loaded when a stack uses its backend, and not before: it brings Pulumi's types of resources.
    files: ["backends/**/*.ts", "tests/fixtures/backends/**/*.ts"],
    rules: {
      "@typescript-eslint/no-require-imports": ["error", { allow: ["^\\./component$", "^\\.\\./\\.\\./components/"] }],
    },
  },
);
