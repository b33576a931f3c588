import type { ResultPromise } from "execa";
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { searxng } from "../../local-cluster/images/searxng/image";
import { execIn, putAway, runImage, signal, type Unpacked } from "./image-run";
import { apt, unpacked, until, volume } from "./image-volume";

describe("the SearXNG image", () => {
  let image: Unpacked;
  let mounts: { "/etc/searxng": string; "/var/cache/searxng": string };
  let running: ResultPromise;
  before(async function () {
    this.timeout(900_000);
    image = await unpacked(searxng(apt));
    mounts = { "/etc/searxng": await volume(977), "/var/cache/searxng": await volume(977) };
  });
  after(() => putAway(running, [image.root, ...Object.values(mounts)]));

  const settings = () => `${mounts["/etc/searxng"]}/settings.yml`;
  const start = () => {
    running = runImage(image, { uid: 977, mounts, empty: ["/tmp"], env: { SEARXNG_SECRET: "a".repeat(64) } });
  };
  const run = async (...command: string[]) => String((await execIn(image, running, 977, command)).stdout);
  const get =
    "import sys, urllib.request as r; print(r.urlopen('http://127.0.0.1:8080' + sys.argv[1]).read().decode())";
  const ask = (target: string) => run("python3.13", "-c", get, target);
  const ready = () => {
    const answers = async () => {
      if (running.exitCode !== null) assert.fail(`the server ended: ${(await running).all}`);
      return (await ask("/healthz").catch(() => "")).trim() === "OK";
    };
    return until("the server answers", answers, 300);
  };

  it("makes its settings at its first start, with a key of their own, as uid 977", async function () {
    this.timeout(200_000);
    start();
    await ready();
    const made = await readFile(settings(), "utf8");
    assert.match(made, /^ {2}secret_key: "[0-9a-f]{64}" /m);
    assert.ok(!made.includes("ultrasecretkey"));
    assert.match(await ask("/config"), /"version": ?"2025\.8\.3\+2e62eb5"/);
  });

  it("serves by a process beside the first one, so its move out of a pod can hold it", async () => {
    assert.equal((await run("cat", "/proc/1/comm")).trim(), "searxng");
    const others = await run("sh", "-c", "grep -l 'searxng [w]orker' /proc/[0-9]*/cmdline");
    assert.match(others, /^\/proc\/(?!1\/)\d+\/cmdline$/m);
  });

  it("keeps its settings over kill -9, and ends well when it is told to", async function () {
    this.timeout(200_000);
    await signal(running, "SIGKILL");
    await writeFile(settings(), `${await readFile(settings(), "utf8")}# a person's\n`);
    start();
    await ready();
    assert.match(await readFile(settings(), "utf8"), /# a person's\n$/);
    const { exitCode, all } = await signal(running, "SIGTERM");
    assert.equal(exitCode, 0);
    assert.match(String(all), /Shutting down granian/);
    assert.doesNotMatch(String(all), /is made from the template/);
  });
});
