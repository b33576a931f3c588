import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { resolvePackages } from "../../../local-cluster/images/debian";
import { ofRelease } from "../../../local-cluster/images/release";

describe("apt for one release of Debian", () => {
  let home: string;
  let env: NodeJS.ProcessEnv;
  let lists: string;
  let keys: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), "release-"));
    [lists, keys] = [path.join(home, "lists"), path.join(home, "keys.gpg")];
    env = { ...process.env, PATH: `${home}/bin:${process.env.PATH}` };
    await mkdir(path.join(home, "bin"));
    await writeFile(keys, "");
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  async function apt(script: string): Promise<void> {
    const file = path.join(home, "bin", "apt-get");
    await writeFile(file, `#!/bin/sh\necho "$*" >>${home}/calls\n${script}\n`);
    await chmod(file, 0o755);
  }

  it("uses one file of sources, verified by Debian's keys, and lists of its own from the first call on", async () => {
    await apt(`case "$*" in *install*) echo "'x' a_1_all.deb 1" ;; esac`);
    const release = await ofRelease({ lists, env }, "trixie", keys);
    const sources = await readFile(release.sources!, "utf8");
    assert.match(sources, /^Types: deb\nURIs: http\S+\nSuites: trixie\nComponents: main\nSigned-By: \S+keys.gpg\n$/);
    await resolvePackages("a", release);
    const call = (await readFile(`${home}/calls`, "utf8")).trim().split("\n").at(-1)!;
    assert.match(call, new RegExp(`-o Dir::Etc::sourcelist=${lists}-trixie\\.sources `));
    assert.match(call, /-o Dir::Etc::sourceparts=\/dev\/null /);
    assert.match(call, new RegExp(`-o Dir::State::lists=${lists}-trixie `));
    assert.match(call, /-o Acquire::AllowInsecureRepositories=false /);
  });

  it("is refused without Debian's keys, with the package that has them", async () => {
    await assert.rejects(ofRelease({ lists, env }, "trixie", path.join(home, "none.gpg")), {
      name: "UserError",
      message:
        `The local cluster's images cannot be made, because ${home}/none.gpg does not exist, and Debian's packages ` +
        "are verified by the keys in it. Install it: apt-get install debian-archive-keyring",
    });
  });

  it("says how to get newer keys where the machine's don't know the release", async () => {
    const fault = "W: GPG error: NO_PUBKEY 6ED0E7B82643E131";
    await apt(`case "$*" in *update*|*install*) echo '${fault}' >&2; exit 100 ;; esac`);
    await assert.rejects(resolvePackages("a", await ofRelease({ lists, env }, "trixie", keys)), {
      name: "UserError",
      message:
        "The local cluster's images cannot be made, because Debian's packages cannot be downloaded. apt-get says: " +
        `${fault}. This machine's keys of Debian are older than that release: apt-get update && apt-get install ` +
        "debian-archive-keyring",
    });
  });
});
