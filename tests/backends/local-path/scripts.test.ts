import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { helperPod, setupScript, teardownScript } from "../../../backends/local-path/scripts";
import type { Loose } from "../../components/recorded";

const volume = "pvc-0a9479f9_local-ai-system_redis-data";

describe("local-path scripts", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "local-path-"))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function run(
    script: string,
    directory: string | undefined,
    env: Record<string, string> = {},
  ): { ok: boolean; said: string } {
    const variables = {
      PATH: process.env.PATH ?? "",
      ...(directory === undefined ? {} : { VOL_DIR: directory }),
      ...env,
    };
    try {
      execFileSync("sh", ["-c", script], { env: variables, stdio: "pipe" });
      return { ok: true, said: "" };
    } catch (error) {
      return { ok: false, said: String((error as { stderr: Buffer }).stderr).trim() };
    }
  }

  const setup = (directory?: string, env?: Record<string, string>) => run(setupScript([root]), directory, env);
  const teardown = (directory?: string) => run(teardownScript([root]), directory);
  const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

  it("make a directory open to all where the claim asks for nothing, as older versions can't pass it on", () => {
    assert.deepEqual(setup(join(root, volume)), { ok: true, said: "" });
    assert.equal(modeOf(join(root, volume)), "777");
  });

  it("make it with the mode and owner that the claim asks for", () => {
    const { uid, gid } = statSync(root);
    assert.deepEqual(setup(join(root, volume), { VOL_USER: String(uid), VOL_GROUP: String(gid), VOL_PERM: "2770" }), {
      ok: true,
      said: "",
    });
    assert.equal(modeOf(join(root, volume)), "2770");
  });

  it("make it again without touching what is in it", () => {
    setup(join(root, volume));
    writeFileSync(join(root, volume, "data"), "kept");
    assert.equal(setup(join(root, volume)).ok, true);
    assert.ok(existsSync(join(root, volume, "data")));
  });

  it("refuse an owner or mode that is no number, which could be anything else", () => {
    const directory = join(root, volume);
    assert.deepEqual(setup(directory, { VOL_USER: "0 /etc" }), {
      ok: false,
      said: `refused to touch "${directory}": owner 0 /etc: or mode 0777 is not a number`,
    });
    assert.ok(!existsSync(directory));
  });

  it("remove the volume's directory, and no other", () => {
    for (const name of [volume, "pvc-1_a_b"]) mkdirSync(join(root, name));
    writeFileSync(join(root, volume, "data"), "gone");
    assert.deepEqual(teardown(join(root, volume)), { ok: true, said: "" });
    assert.deepEqual([existsSync(join(root, volume)), existsSync(join(root, "pvc-1_a_b"))], [false, true]);
  });

  it("find nothing to do where it is gone already", () =>
    assert.deepEqual(teardown(join(root, volume)), { ok: true, said: "" }));

  const refusals: [string, () => string | undefined, string][] = [
    ["no path", () => undefined, "that is no volume"],
    ["an empty path", () => "", "that is no volume"],
    ["the root", () => "/", "that is no volume"],
    ["a relative path", () => `volumes/${volume}`, "the path is relative"],
    ["a way up", () => `${root}/../${volume}`, "the path is not normal"],
    ["a way up at the end", () => `${root}/${volume}/..`, "the path is not normal"],
    ["a doubled slash", () => `${root}//${volume}`, "the path is not normal"],
    ["the directory of all volumes", () => root, `it is not directly below ROOT`],
    ["something inside a volume", () => `${root}/${volume}/data`, `it is not directly below ROOT`],
    ["another directory", () => `/etc/${volume}`, `it is not directly below ROOT`],
    ["what is no volume by its name", () => `${root}/lost+found`, "its name is not that of a volume"],
    ["a name that only begins like one", () => `${root}/pvc-`, "its name is not that of a volume"],
  ];
  for (const [what, path, reason] of refusals) {
    it(`refuse ${what}`, () => {
      mkdirSync(join(root, volume));
      const said = `refused to touch "${path() ?? ""}": ${reason.replace("ROOT", root)}`;
      assert.deepEqual(
        [setup(path()), teardown(path())],
        [
          { ok: false, said },
          { ok: false, said },
        ],
      );
      assert.ok(existsSync(join(root, volume)));
    });
  }

  it("refuse a symbolic link, whatever it points to", () => {
    mkdirSync(join(root, "elsewhere"));
    symlinkSync(join(root, "elsewhere"), join(root, volume));
    assert.deepEqual(teardown(join(root, volume)), {
      ok: false,
      said: `refused to touch "${join(root, volume)}": it is a symbolic link`,
    });
    assert.ok(existsSync(join(root, "elsewhere")));
  });

  it("refuse a file in a volume's place", () => {
    writeFileSync(join(root, volume), "");
    assert.deepEqual(teardown(join(root, volume)), {
      ok: false,
      said: `refused to touch "${join(root, volume)}": it is not a directory`,
    });
  });

  it("run in a pod that the provisioner's check of templates lets through", () => {
    const { spec } = parse(helperPod("busybox:1.37.0-musl")) as { spec: Loose };
    for (const forbidden of [
      "initContainers",
      "volumes",
      "hostNetwork",
      "hostPID",
      "hostIPC",
      "nodeName",
      "serviceAccountName",
      "securityContext",
    ]) {
      assert.ok(!(forbidden in spec), forbidden);
    }
    assert.equal(spec.containers.length, 1);
    for (const forbidden of ["volumeMounts", "envFrom", "lifecycle", "livenessProbe"])
      assert.ok(!(forbidden in spec.containers[0]), forbidden);
    const { capabilities, allowPrivilegeEscalation } = spec.containers[0].securityContext;
    assert.deepEqual([allowPrivilegeEscalation, "add" in capabilities], [false, false]);
    for (const needed of ["CHOWN", "DAC_OVERRIDE", "FOWNER"]) assert.ok(!capabilities.drop.includes(needed), needed);
  });
});
