import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backendTypes, findBackends } from "../../backends/catalogue";
import { Storage } from "../../components/storage";
import { parseConfig } from "../../config/parse";
import { settle } from "../../plan/cluster";
import { planStack } from "../../plan/stack";
import { known } from "../../known";
import { one, record } from "../components/recorded";
import { root } from "../stack";

describe("backends", () => {
  it("are the files of the folder that export one", () => {
    assert.deepEqual(
      [...backendTypes.keys()],
      ["ephemeral", "existing", "local-path", "longhorn", "nfs", "openebs-lvm", "rook-ceph", "static"],
    );
  });

  it("cost nothing that a stack doesn't use: none of them loads Pulumi", () => {
    const script =
      `require("./backends/catalogue"); console.log(Object.keys(require.cache).filter((file) => ` +
      `file.includes("@pulumi")).length)`;
    assert.equal(
      execFileSync(process.execPath, ["--require", "./transpile.cjs", "--eval", script], {
        cwd: root,
        encoding: "utf8",
      }).trim(),
      "0",
    );
  });
});

/** A backend as somebody would add one: all of it in one file. */
const toy = `
const { z } = require(${JSON.stringify(require.resolve("zod"))});
const capabilities = { expand: false, snapshot: false, enforcesSize: true, followsNode: false };
exports.backend = {
  type: "toy",
  schema: z.strictObject({ type: z.literal("toy"), colour: z.string() }),
  capabilities: () => capabilities,
  accessModes: () => ["ReadWriteOnce"],
  accessModeReason: "toys are for one",
  namespace: () => "toys",
  classes: (name, { colour }) => [
    { name, isDefault: true, make: { provisioner: "toy", reclaimPolicy: "Retain", parameters: { colour } } },
  ],
  check: (_name, { colour }) => (colour === "grey" ? [{ path: "colour", message: "is dull" }] : []),
  claim: ({ service }) => (service.name === "postgres" ? { warning: "is a toy" } : {}),
  installs: (_name, _config, volumes) => ({ makes: { cluster: {} }, boxes: volumes.map(({ name }) => name) }),
  create: (name, args) => new exports.Boxes(name, args),
  checks: [{ id: "toy-box", group: "toy", run: () => [] }],
};
exports.Boxes = class { constructor(name, args) { exports.installed = { name, args }; } };
`;

describe("a toy backend", () => {
  let folder: string;
  let types: ReturnType<typeof findBackends>;
  const plan = (colour: string, services: Record<string, object>) => {
    const values = { cluster: { context: "c", identifier: "c" }, backends: { box: { type: "toy", colour } }, services };
    const toys = { ...known, backends: types };
    return planStack(parseConfig({ owner: { project: "cluster-storage", stack: "test" }, values }, toys), toys);
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "backends-"));
    for (const name of ["toy", "notes"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "toy/backend.ts"), toy);
    writeFileSync(join(folder, "notes/notes.md"), "no backend");
    types = findBackends(folder);
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is found by its file alone", () => assert.deepEqual([...types.keys()], ["toy"]));

  it("has its settings checked by its own rules", () => {
    assert.deepEqual(plan("grey", {}).faults, [{ path: "backends.box.colour", message: "is dull" }]);
    assert.deepEqual(
      plan("red", { redis: { size: "1Gi", namespace: "toys" } }).faults.map(({ path }) => path),
      ["services.redis.namespace"],
    );
  });

  it("has its say on claims", () => {
    const { faults, warnings } = plan("red", { postgres: { size: "1Gi" }, redis: { size: "1Gi" } });
    assert.deepEqual([faults, warnings], [[], ["services.postgres: is a toy"]]);
  });

  it("is installed by its own component, with the volumes that go to it, and has its class", async () => {
    const { plan: draft } = plan("red", { redis: { size: "1Gi" } });
    const settled = settle(draft, { classes: [], claims: [] } as never).plan;
    const all = await record((opts) => void new Storage("storage", { ...settled, types }, opts));
    const { installed } = createRequire(__filename)(join(folder, "toy/backend.ts")) as {
      installed: { name: string; args: { install: unknown } };
    };
    assert.deepEqual(
      [installed.name, installed.args.install],
      ["box", { makes: { cluster: {} }, boxes: ["redis-data"] }],
    );
    assert.deepEqual(one(all, "StorageClass", "box").inputs.parameters, { colour: "red" });
  });
});
