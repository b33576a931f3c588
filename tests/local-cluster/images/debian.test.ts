import { execa } from "execa";
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { tagOf } from "../../../local-cluster/images/base";
import { merged, parseUris, resolvePackages, unpackPackages } from "../../../local-cluster/images/debian";
import { UserError } from "../../../model/user-error";
import { skip } from "../../skip";

describe("apt's answer", () => {
  it("is read as names and versions, sorted", () => {
    const output = [
      "'http://x/z_a/zlib1g_1.2.13.dfsg-1_amd64.deb' zlib1g_1%3a1.2.13.dfsg-1_amd64.deb 86684 MD5Sum:ec",
      "'http://x/libc6_2.36_amd64.deb' libc6_2.36-9+deb12u14_amd64.deb 2759320 ",
    ];
    assert.deepEqual(parseUris(output.join("\n")), [
      { name: "libc6", version: "2.36-9+deb12u14" },
      { name: "zlib1g", version: "1:1.2.13.dfsg-1" },
    ]);
  });

  for (const [version, tag] of [
    ["5:7.0.15-1~deb12u10", "7.0.15-1-deb12u10"],
    ["15.20-0+deb12u1", "15.20-0-deb12u1"],
  ] as const)
    it(`${version} becomes the tag ${tag}`, () => assert.equal(tagOf(version), tag));
});

for (const [inPackage, inImage] of [
  ["./bin/sh", "usr/bin/sh"],
  ["./lib64/ld-linux-x86-64.so.2", "usr/lib64/ld-linux-x86-64.so.2"],
  ["./lib/", "usr/lib"],
  ["./library/a", "library/a"],
  ["./usr/lib/a", "usr/lib/a"],
  ["./", ""],
] as const)
  it(`a package's ${inPackage} is the image's ${inImage || "root"}`, () => assert.equal(merged(inPackage), inImage));

describe("with a stand-in for apt-get", () => {
  let home: string;
  let env: NodeJS.ProcessEnv;
  let lists: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), "apt-"));
    lists = path.join(home, "lists");
    env = { ...process.env, PATH: `${home}/bin:${process.env.PATH}` };
    await mkdir(path.join(home, "bin"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  /** `script` sees apt-get's arguments; every call is noted in `calls`. */
  async function apt(script: string): Promise<void> {
    const file = path.join(home, "bin", "apt-get");
    await writeFile(file, `#!/bin/sh\necho "$LC_ALL $*" >>${home}/calls\n${script}\n`);
    await chmod(file, 0o755);
  }
  const calls = async () => (await readFile(path.join(home, "calls"), "utf8")).trim().split("\n");

  it("asks for a machine with nothing installed, in English, and leaves out what only installing needs", async () => {
    await apt(`for p in perl-base libllvm14 redis-server; do echo "'x' $p"_7_amd64.deb 1 ; done`);
    assert.deepEqual(await resolvePackages("redis-server", { lists, env }), [{ name: "redis-server", version: "7" }]);
    const [call, ...more] = await calls();
    assert.deepEqual(more, []);
    assert.match(
      call!,
      /^C .*-o Dir::State::status=\/dev\/null .*--no-install-recommends --yes --print-uris install redis-server$/,
    );
    assert.doesNotMatch(call!, /Dir::State::lists/);
  });

  it("fetches package lists of its own where the machine has none", async () => {
    await apt(
      `case "$*" in *lists=*update) ;; *lists=*install*) echo "'x' a_1_all.deb 1" ;; *) echo "E: Unable to ` +
        `locate package a" >&2; exit 100 ;; esac`,
    );
    assert.deepEqual(await resolvePackages("a", { lists, env }), [{ name: "a", version: "1" }]);
    const all = await calls();
    assert.equal(all.length, 3);
    assert.match(all[1]!, new RegExp(`-o Dir::State::lists=${lists} .*update$`));
  });

  it("says in one line that Debian's servers can't be reached", async () => {
    await apt('echo "W: Failed to fetch: no route" >&2; echo "E: Some failed" >&2; exit 100');
    await assert.rejects(
      resolvePackages("a", { lists, env }),
      new UserError(
        "The local cluster's images cannot be made, because Debian's packages cannot be downloaded. apt-get says: " +
          "W: Failed to fetch: no route",
      ),
    );
  });

  it("says in one line that the machine isn't a Debian", async () => {
    await assert.rejects(resolvePackages("a", { lists, env: { PATH: path.join(home, "bin") } }), {
      name: "UserError",
      message:
        "This machine has no apt-get, and the local cluster's Redis and PostgreSQL are made from Debian's packages. " +
        "Use a cluster that can pull images: `npm start -- --context NAME`.",
    });
  });

  it("unpacks what a server needs, with links and modes, and nothing else", async function () {
    if (!(await execa("dpkg-deb", ["--version"], { reject: false }).then(({ failed }) => !failed)))
      skip(this, "no dpkg-deb");
    const source = path.join(home, "package");
    for (const directory of [
      "DEBIAN",
      "bin",
      "usr/share/doc/thing",
      "usr/share/man/man1",
      "usr/lib/x86_64-linux-gnu/gconv",
      "usr/share/thing",
    ])
      await mkdir(path.join(source, directory), { recursive: true });
    await writeFile(
      path.join(source, "DEBIAN/control"),
      "Package: thing\nVersion: 1:2\nArchitecture: all\nMaintainer: nobody <n@example.org>\nDescription: x\n",
    );
    for (const file of [
      "usr/share/doc/thing/copyright",
      "usr/share/man/man1/thing.1.gz",
      "usr/lib/x86_64-linux-gnu/gconv/UTF-7.so",
    ])
      await writeFile(path.join(source, file), "unneeded");
    await writeFile(path.join(source, "bin/thing"), "program", { mode: 0o755 });
    await writeFile(path.join(source, "usr/share/thing/documents"), "needed", { mode: 0o640 });
    await symlink("thing", path.join(source, "bin/other"));
    await execa("dpkg-deb", ["--root-owner-group", "--build", source, path.join(home, "thing.deb")]);

    await apt(`cp ${home}/thing.deb .`);
    const tree = await unpackPackages(["thing=1:2"], path.join(home, "scratch"), { lists, env });
    assert.match((await calls())[0]!, /download thing=1:2$/);
    const files = [...tree]
      .filter(([, { type }]) => type !== "directory")
      .map(([name, { body, target, mode, uid }]) => [name, String(body ?? target), mode.toString(8), uid]);
    assert.deepEqual(files.sort(), [
      ["usr/bin/other", "thing", "777", 0],
      ["usr/bin/thing", "program", "755", 0],
      ["usr/share/thing/documents", "needed", "640", 0],
    ]);
  });
});
