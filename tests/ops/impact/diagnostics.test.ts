import assert from "node:assert/strict";
import { configFaults } from "../../../ops/impact/config-faults";
import { understand } from "../../../ops/impact/diagnostics";
import { changesOf } from "../../../ops/impact/changes";
import { parsePreview } from "../../../ops/pulumi/preview";
import { recording, urn } from "./recorded";

const error = (message: string, of?: string) => ({
  message: `error: ${message}\n`,
  severity: "error",
  ...(of && { urn: of }),
});
const claim = urn("kubernetes:core/v1:PersistentVolumeClaim", "redis-data");

describe("what a preview says beside its steps", () => {
  it("is a failure where it isn't about data", () => {
    const said = understand({
      diagnostics: [
        error('the cluster of context "x" at y can\'t be reached (z)\nNothing was changed.'),
        error("preview failed"),
      ],
    });
    assert.deepEqual(said, {
      refusals: [],
      warnings: [],
      failures: ['the cluster of context "x" at y can\'t be reached (z)\nNothing was changed.'],
    });
  });
  it("is a failure where another kind of object can't be made", () => {
    const said = understand({
      diagnostics: [error("Preview failed: no", urn("kubernetes:apps/v1:Deployment", "redis"))],
    });
    assert.deepEqual([said.refusals, said.failures], [[], ["no"]]);
  });
  it("is a refusal where the cluster won't have the claim", () => {
    const said = understand({
      diagnostics: [error('Preview failed: PersistentVolumeClaim "redis-data" is invalid', claim)],
    });
    assert.deepEqual(said.refusals, [
      {
        about: "data",
        where: "PersistentVolumeClaim redis-data",
        message: 'PersistentVolumeClaim "redis-data" is invalid',
      },
    ]);
  });
  it("is a refusal where the engine keeps what is protected, of whichever kind", () => {
    const said = understand({
      diagnostics: [
        error(
          'Preview failed: resource "x" cannot be deleted\nbecause it is protected. To unprotect',
          urn("kubernetes:helm.sh/v3:Release", "longhorn"),
        ),
      ],
    });
    assert.deepEqual(
      [said.refusals, said.failures],
      [[{ about: "data", where: "Release longhorn", message: "is protected, so it is not deleted" }], []],
    );
  });
  it("has each fault of the program's with its path, and each failed check with its way out", () => {
    assert.deepEqual(
      understand(recording("service-removed")).refusals.map(({ about, where }) => [about, where]),
      [["data", "cluster-storage:services.searxng"]],
    );
    const message =
      'the cluster of stack "rec" fails 2 checks, so nothing was changed:\n  ✗ one [a-1]\n      do this,\n    ' +
      "  then that\n  ✗ two [b]\n      or so\nA check that …\n";
    assert.deepEqual(understand({ diagnostics: [error(message)] }).refusals, [
      { about: "cluster", where: "preflight a-1", message: "one; do this, then that" },
      { about: "cluster", where: "preflight b", message: "two; or so" },
    ]);
  });
  it("leaves out where the plugins were found, and says each warning once", () => {
    const warning = (message: string) => ({ message: `warning: ${message}\n`, severity: "warning" });
    assert.deepEqual(
      understand({
        diagnostics: [warning("using pulumi-resource-random from $PATH at /x"), warning("mind"), warning("mind")],
      }).warnings,
      ["mind"],
    );
  });
});

describe("a config that is wrong whatever the cluster has", () => {
  const owner = { project: "cluster-storage", stack: "rec" };
  it("is told from one that would cost data here", () => {
    assert.deepEqual(
      configFaults(recording("mistake").config, owner, "").map(({ path }) => path),
      ["services.redis.size", "services.redis.sise", "services.searxng.size", "services.searxng.sise"],
    );
    for (const name of ["grow-refused", "service-removed", "quota"])
      assert.deepEqual(configFaults(recording(name).config, owner, ""), [], name);
  });

  it("is told although a preview prints nothing of a config with a secret in it", () => {
    const { config } = recording("quota");
    const services = (size: string) =>
      `config: { cluster-storage:services: { taskflow-db: { size: 1Gi }, taskflow: { storage: { size: ${size} }, ` +
      "logs: { size: 1Gi }, env: { API_KEY: { secure: abc } } } } }";
    const faults = (file: string) =>
      configFaults({ ...config, "cluster-storage:services": "[secret]" }, owner, file).map(({ path }) => path);
    assert.deepEqual(faults(services("1Gi")), []);
    assert.deepEqual(faults(services("one")), ["services.taskflow.storage.size"]);
  });
});

describe("the preview's JSON", () => {
  it("is none where the CLI ended before there was any", () =>
    assert.equal(parsePreview("error: no stack"), undefined));
  it("is refused where it was cut short", () =>
    assert.throws(() => parsePreview('{"steps": ['), {
      name: "UserError",
      message: "pulumi preview was killed, so its output is incomplete; run the command again",
    }));
  it("lacks what there is nothing of", () =>
    assert.deepEqual(parsePreview("{}"), { config: {}, steps: [], diagnostics: [] }));
  it("passes over steps that do nothing to a resource", () =>
    assert.deepEqual(
      changesOf([
        { op: "read", urn: claim },
        { op: "refresh", urn: claim },
      ]),
      [],
    ));
});
