import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { Bench } from "./command";

describe("ci:audit", function () {
  this.timeout(120_000);
  let bench: Bench;
  beforeEach(async () => void (bench = await Bench.make()));
  afterEach(() => bench.remove());

  /** Runs it with an npm that answers so. */
  async function audit(said: object | string, env: NodeJS.ProcessEnv = {}) {
    await bench.write("said", said);
    const noted = `[ "$*" = "audit --json --package-lock-only" ] || exit 3`;
    await chmod(await bench.write("npm", `#!/bin/sh\n${noted}\ncat "$BENCH/said"\nexit 1\n`), 0o755);
    const { exitCode, stdout, stderr } = await bench.run(["ci:audit"], env);
    return [exitCode, stdout, stderr];
  }
  const of = (severity: string, fixAvailable: boolean) => ({ severity, range: "<1.2.3", fixAvailable });
  const refused = { message: "405 Method Not Allowed - POST https://registry.test/-/npm/v1/security/advisories/bulk" };
  const why = "the dependencies are not audited: the registry has no list of weaknesses (405 Method Not Allowed)";

  it("passes where none is known, or none that is high", async () => {
    const none = "no dependency has a known weakness that is high or critical";
    assert.deepEqual(await audit({ vulnerabilities: {} }), [0, none, ""]);
    assert.deepEqual(await audit({ vulnerabilities: { one: of("moderate", true) } }), [0, none, ""]);
  });

  it("names what is high or critical", async () => {
    const vulnerabilities = { one: of("high", true), two: of("critical", false), three: of("low", true) };
    assert.deepEqual(await audit({ vulnerabilities }), [
      1,
      "one <1.2.3: high; npm audit fix mends it\ntwo <1.2.3: critical",
      "",
    ]);
  });

  it("never takes a registry without an answer for one that knows of none", async () => {
    assert.deepEqual(await audit(refused), [0, `skipped: ${why}`, ""]);
    assert.deepEqual(await audit(refused, { GITHUB_ACTIONS: "true" }), [1, "", why]);
    const silent = why.replace("405 Method Not Allowed", "no answer");
    assert.deepEqual(await audit("", { GITHUB_ACTIONS: "true" }), [1, "", silent]);
  });
});
