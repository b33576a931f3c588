import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { fetchJars, mavenRepository } from "../../../local-cluster/images/maven";

describe("jars from a Maven repository", () => {
  let home: string;
  let server: Server;
  let repository: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), "maven-"));
    server = createServer(({ url = "" }, answer) => {
      answer.statusCode = url.includes("none") ? 404 : 200;
      answer.end(`body of ${url}`);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    repository = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m2`;
  });
  afterEach(async () => {
    server.close();
    await rm(home, { recursive: true });
  });
  const digest = (file: string) => createHash("sha256").update(`body of /m2/${file}`).digest("hex");

  it("are taken where they are what is locked", async () => {
    const files = ["org/a/1/a-1.jar", "org/b/2/b-2.jar"];
    const locked = Object.fromEntries(files.map((file) => [file, digest(file)]));
    assert.deepEqual(await fetchJars(locked, home, { repository }), ["a-1.jar", "b-2.jar"]);
    assert.equal(await readFile(path.join(home, "b-2.jar"), "utf8"), "body of /m2/org/b/2/b-2.jar");
  });

  it("are refused where they are another, with both digests", async () => {
    await assert.rejects(fetchJars({ "org/a/1/a-1.jar": "0".repeat(64) }, home, { repository }), {
      name: "UserError",
      message:
        `The download of ${repository}/org/a/1/a-1.jar is not what is locked, and no image was made of it: its ` +
        `SHA-256 should be ${"0".repeat(64)}, and is ${digest("org/a/1/a-1.jar")}. A proxy or a mirror may have ` +
        "changed it.",
    });
  });

  it("are named where they can't be had", async () => {
    await assert.rejects(fetchJars({ "none/1/none-1.jar": "" }, home, { repository }), {
      name: "UserError",
      message: new RegExp(
        `^The local cluster's images cannot be made, because ${repository}/none/1/none-1\\.jar cannot be downloaded: `,
      ),
    });
  });

  for (const [what, settings, found] of [
    ["its public address without settings", undefined, /^https:\/\/repo\.maven\.apache\.org\/maven2$/],
    ["the mirror of central", mirror("central", "http://near/m2/"), /^http:\/\/near\/m2$/],
    ["the mirror of everything", mirror("*,!own", "http://near/all"), /^http:\/\/near\/all$/],
    ["its public address beside a mirror of another", mirror("own", "http://near/own"), /maven\.apache\.org/],
    ["its public address where the mirror is a comment", `<!-- ${mirror("*", "http://x")} -->`, /maven\.apache\.org/],
  ] as const)
    it(`come from Maven Central, by ${what}`, async () => {
      const file = path.join(home, "settings.xml");
      if (settings !== undefined) await writeFile(file, settings);
      assert.match(await mavenRepository(file), found);
    });
});

function mirror(of: string, url: string): string {
  const entry = `<mirror><id>m</id><mirrorOf>${of}</mirrorOf><url>${url}</url></mirror>`;
  return `<settings><mirrors>${entry}</mirrors></settings>`;
}
