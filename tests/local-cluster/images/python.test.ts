import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { installWheels } from "../../../local-cluster/images/python";

describe("installing Python's packages", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "python-"));
    await mkdir(path.join(root, "usr/share/python-wheels"), { recursive: true });
    await writeFile(path.join(root, "usr/share/python-wheels/pip-25.1.1-py3-none-any.whl"), "");
  });
  afterEach(() => rm(root, { recursive: true }));

  /** With a Python that does this in the place of Debian's. */
  async function install(script: string): Promise<void> {
    const libraries = path.join(root, `usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`);
    await mkdir(libraries, { recursive: true });
    const loader = path.join(libraries, "ld-linux-test.so.2");
    await writeFile(loader, `#!/bin/sh\necho "$PIP_USER $PYTHONHOME $*" >${root}/call\n${script}\n`);
    await chmod(loader, 0o755);
    await installWheels("/r.txt", "/target", { root, version: "3.13" }, { PATH: process.env.PATH, PIP_USER: "1" });
  }

  it("takes built packages for the image's Python only, by their digests, and runs nothing of them", async () => {
    await install("exit 0");
    const call = await readFile(`${root}/call`, "utf8");
    const wheel = `${root}/usr/share/python-wheels/pip-25.1.1-py3-none-any.whl/pip`;
    assert.ok(call.startsWith(`0 ${root}/usr --library-path `), call);
    assert.ok(call.includes(` ${root}/usr/bin/python3.13 -S ${wheel} install `), call);
    for (const option of ["--target=/target", "--python-version=3.13", "--requirement=/r.txt"])
      assert.ok(call.includes(` ${option}`), option);
    for (const option of ["--only-binary=:all:", "--require-hashes", "--no-deps", "--no-compile"])
      assert.ok(call.includes(` ${option} `), option);
  });

  it("says in pip's words what failed", async () => {
    await assert.rejects(
      install("echo 'WARNING: slow' >&2; echo 'ERROR: no match for a==1' >&2; echo end >&2; exit 1"),
      {
        name: "UserError",
        message: "The local cluster's images cannot be made: pip says: no match for a==1",
      },
    );
  });

  it("says how it ended where it says nothing", async () => {
    await assert.rejects(install("exit 3"), {
      name: "UserError",
      message: /^The local cluster's images cannot be made: pip says: Command failed with exit code 3: /,
    });
  });
});

describe("the packages of the SearXNG image", () => {
  it("are locked by digest, and come from no place that the file names", async () => {
    const file = path.resolve(__dirname, "../../../local-cluster/images/searxng/requirements.txt");
    const lines = (await readFile(file, "utf8")).replace(/ \\\n/g, "").split("\n");
    const packages = lines.filter((line) => line !== "" && !line.startsWith("#"));
    assert.ok(packages.length > 30);
    for (const line of packages) assert.match(line, /^[a-z0-9-]+==\S+( {4}--hash=sha256:[0-9a-f]{64})+$/);
  });
});
