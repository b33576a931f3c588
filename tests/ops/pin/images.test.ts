import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../model/user-error";
import { catalogueFiles, imagesIn, pinImages, withDigests } from "../../../ops/pin/images";
import { digestOf, readReference } from "../../../ops/pin/registry";
import { catalogue } from "../../../services/catalogue";
import { sha256 } from "../../local-cluster/tools/mirror";

describe("the images that a file names", () => {
  it("are all of the catalogue's, and the pods' of the code's own defaults", () => {
    const found = catalogueFiles().flatMap((file) => imagesIn(readFileSync(file, "utf8")));
    const own = ["busybox:1.37.0-musl", "node:22.23.3-bookworm-slim"];
    const services = [...catalogue.values()].map(({ image }) => image.replace(/@.*/, ""));
    assert.deepEqual([...new Set(found)].sort(), [...new Set([...services, ...own])].sort());
  });

  it("get a digest, or another one, and nothing else changes", () => {
    const [before, now] = [`@sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
    const text = `redis:\n  image: redis:7.4.11 # kept\nmine: { image: "host:5000/mine:v1.0${before}" }\n`;
    assert.deepEqual(imagesIn(text), ["redis:7.4.11", "host:5000/mine:v1.0"]);
    assert.equal(
      withDigests(text, new Map([["host:5000/mine:v1.0", now]])),
      `redis:\n  image: redis:7.4.11 # kept\nmine: { image: "host:5000/mine:v1.0@${now}" }\n`,
    );
    assert.equal(withDigests(text, new Map()), text);
  });

  it("are found where a container runtime would look for them", () => {
    assert.deepEqual(
      ["redis:7", "a/b:1", "docker.io/a/b:1", "ghcr.io/a/b/c:1", "host:5000/a:1"].map((image) =>
        Object.values(readReference(image)).join(" "),
      ),
      [
        "registry-1.docker.io library/redis 7",
        "registry-1.docker.io a/b 1",
        "registry-1.docker.io a/b 1",
        "ghcr.io a/b/c 1",
        "host:5000 a 1",
      ],
    );
  });
});

describe("npm run pin -- --images", () => {
  const index = JSON.stringify({ schemaVersion: 2, manifests: [] });
  const digest = `sha256:${sha256(index)}`;
  let server: Server;
  let file: string;
  let asked: string[];
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  beforeEach(async () => {
    asked = [];
    file = join(mkdtempSync(join(tmpdir(), "pin-")), "Pulumi.prod.yaml");
    server = createServer(({ url = "", headers }, response) => {
      asked.push(url);
      const type = { "content-type": "application/vnd.oci.image.index.v1+json" };
      if (url.startsWith("/token")) return void response.end(JSON.stringify({ token: "everybody" }));
      if (headers.authorization !== "Bearer everybody") {
        const realm = `Bearer realm="${origin()}/token",service="registry",scope="repository:library/redis:pull"`;
        return void response.writeHead(401, { "www-authenticate": realm }).end();
      }
      if (url.endsWith("/single")) return void response.end("{}");
      if (url.endsWith("/9.9")) return void response.writeHead(404).end();
      if (url.endsWith("/7.6"))
        return void response.writeHead(200, { ...type, "docker-content-digest": "sha256:0" }).end(index);
      response.writeHead(200, { ...type, "docker-content-digest": digest }).end(index);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
    rmSync(join(file, ".."), { recursive: true });
  });

  it("writes what a tag means now, and keeps what has no digest", async () => {
    writeFileSync(file, "redis: { image: redis:7.4 }\nother: { image: other:9.9 }\n");
    assert.deepEqual(await pinImages([file], origin), [
      "no digest: other:9.9: registry-1.docker.io answered 404",
      `redis:7.4@${digest}`,
      "wrote Pulumi.prod.yaml; the next update pulls these and restarts their pods",
    ]);
    assert.equal(readFileSync(file, "utf8"), `redis: { image: redis:7.4@${digest} }\nother: { image: other:9.9 }\n`);
    assert(asked.includes("/token?service=registry&scope=repository%3Alibrary%2Fredis%3Apull"));
    assert.equal((await pinImages([file], origin)).at(-1), "no file was changed");
  });

  it("takes no registry's word, and no digest that does for one kind of processor only", async () => {
    await assert.rejects(
      digestOf("redis:7.6", origin),
      new UserError(`redis:7.6: registry-1.docker.io calls it sha256:0, and it is ${digest}`),
    );
    await assert.rejects(
      digestOf("redis:single", origin),
      new UserError(
        "redis:single: registry-1.docker.io has it for one kind of processor only, so a digest would not do for others",
      ),
    );
  });

  it("says which registry is not reached, and changes nothing", async () => {
    writeFileSync(file, "redis: { image: redis:7.4 }\n");
    const gone = origin();
    const where = gone.slice("http://".length);
    await new Promise((closed) => server.close(closed));
    const lines = await pinImages([file], () => gone);
    assert.match(lines[0]!, new RegExp(`^no digest: redis:7\\.4: ${where} is not reached: .*ECONNREFUSED`));
    assert.equal(lines[1], "no file was changed");
    assert.equal(readFileSync(file, "utf8"), "redis: { image: redis:7.4 }\n");
  });
});
