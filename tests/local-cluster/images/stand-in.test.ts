import { execa, type ResultPromise } from "execa";
import assert from "node:assert/strict";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { compileGo } from "../../../local-cluster/images/go-program";
import { environmentOf } from "../../../local-cluster/images/stand-in/image";
import type { StandIn } from "../../../model/local-image";
import type { ServiceSpec } from "../../../model/service-spec";
import type { Probe } from "../../../model/container";
import { catalogue } from "../../../services/catalogue";
import { localImagesOf } from "../../../services/shared/local-image";
import { freePort } from "../../free-port";
import { skip } from "../../skip";

const real = ["neo4j", "postgres", "redis", "searxng", "taskflow", "taskflow-db"];
const standIns = new Map(
  [...localImagesOf(catalogue, false)].flatMap(([name, made]) =>
    "standIn" in made ? [[name, made.standIn] as const] : [],
  ),
);
const actions = ({ probes }: ServiceSpec) =>
  [probes.startup, probes.readiness, probes.liveness]
    .filter((probe): probe is Probe => probe !== undefined)
    .map(({ action }) => action);
const sorted = <T>(values: Iterable<T>): T[] => [...new Set(values)].sort();

describe("the stand-ins of the services", () => {
  it("are there for every service of the catalogue that isn't made for real", () => {
    assert.deepEqual(sorted([...standIns.keys(), ...real]), sorted(catalogue.keys()));
  });

  for (const [name, standIn] of standIns) {
    const service = catalogue.get(name)!;

    it(`agrees with the catalogue about ${name}'s user and ports`, () => {
      assert.equal(standIn.user, `${service.identity.uid}:${service.identity.gid}`);
      assert.deepEqual(sorted([standIn.http, ...standIn.tcp]), sorted(service.ports.map(({ port }) => port)));
    });

    it(`answers exactly ${name}'s probes`, () => {
      const http = actions(service).flatMap((action) => ("http" in action ? [action.http] : []));
      assert.deepEqual(sorted(http.map(({ path }) => path)), sorted(standIn.probes));
      for (const { port } of http) assert.equal(port, standIn.http);
      for (const action of actions(service)) assert.ok(!("exec" in action), "a stand-in has no programs to execute");
    });

    it(`writes only where ${name} has a volume, and starts as its image does`, () => {
      const mounts = service.claims
        .filter(({ optional }) => !optional)
        .flatMap((claim) => claim.mounts.map(({ path }) => path));
      assert.deepEqual(sorted([standIn.data, ...standIn.writable]), sorted(mounts));
      const runs = standIn.start && `./${path.basename(standIn.start)}`;
      assert.ok(
        service.command === undefined || (runs && service.command.join(" ").includes(runs)),
        "a command of the catalogue would replace the stand-in",
      );
      if (standIn.log) assert.ok(mounts.includes(path.dirname(standIn.log)));
    });
  }
});

describe("the stand-in program", () => {
  let home: string;
  let program: string;
  let running: ResultPromise<{ all: true; reject: false }>;
  before(async function () {
    this.timeout(120_000);
    if (await execa("go", ["version"], { reject: false }).then(({ failed }) => failed)) skip(this, "no go");
    home = await mkdtemp(path.join(tmpdir(), "stand-in-"));
    program = path.join(home, "stand-in");
    await writeFile(
      program,
      await compileGo(path.resolve(__dirname, "../../../local-cluster/images/stand-in"), home, process.env),
      { mode: 0o755 },
    );
  });
  after(() => home && rm(home, { recursive: true, force: true }));
  afterEach(() => running?.kill("SIGKILL"));

  let settings: StandIn;
  beforeEach(async () => {
    const volume = await mkdtemp(path.join(home, "volume-"));
    for (const directory of ["data", "more"]) await mkdir(path.join(volume, directory));
    settings = {
      user: "",
      http: await freePort(),
      tcp: [await freePort()],
      probes: ["/healthz"],
      data: path.join(volume, "data"),
      writable: [path.join(volume, "more")],
      log: path.join(volume, "more", "access.log"),
    };
  });
  const start = async (args: string[] = []) => {
    running = execa(program, args, { env: environmentOf("thing", settings), all: true, reject: false });
    await Promise.race([once(running.all, "data"), running]);
  };
  const ask = (target: string, init?: RequestInit) => fetch(`http://127.0.0.1:${settings.http}${target}`, init);
  const put = (key: string, body: string) => ask(`/stand-in/records/${key}`, { method: "PUT", body });

  it("answers the probes, says what it is, and listens on the other ports, whatever its arguments", async () => {
    await start(["serve", "--flag"]);
    assert.equal((await ask("/healthz")).status, 200);
    const { standIn, service } = (await (await ask("/stand-in")).json()) as Record<string, unknown>;
    assert.deepEqual({ standIn, service }, { standIn: true, service: "thing" });
    const other = await ask("/api/anything");
    assert.equal(other.status, 404);
    assert.equal(await other.text(), "this is a stand-in for thing, not the service; see /stand-in\n");
    const socket = connect(settings.tcp[0]!, "127.0.0.1");
    await once(socket, "connect");
    socket.destroy();
  });

  it("has a record again after kill -9, and the last one that was acknowledged", async () => {
    await start();
    assert.equal((await put("key", "first")).status, 200);
    assert.equal((await put("key", "second")).status, 200);
    running.kill("SIGKILL");
    await running;
    await start();
    assert.equal(await (await ask("/stand-in/records/key")).text(), "second");
    assert.deepEqual(await readdir(path.join(settings.data, "stand-in/records")), ["key"]);
    assert.match(
      await readFile(settings.log!, "utf8"),
      /PUT \/stand-in\/records\/key 200\n.*PUT \/stand-in\/records\/key 200\n.*GET \/stand-in\/records\/key 200\n$/,
    );
  });

  it("refuses keys that are paths, methods it doesn't have, and records above 1 MiB", async () => {
    await start();
    assert.equal((await ask("/stand-in/records/none")).status, 404);
    assert.equal((await put(".hidden", "x")).status, 400);
    assert.equal((await put("a%2Fb", "x")).status, 400);
    assert.equal((await put("", "x")).status, 400);
    assert.equal((await ask("/stand-in/records/a", { method: "DELETE" })).status, 405);
    assert.equal((await put("a", "x".repeat(1024 * 1024 + 1))).status, 413);
    assert.deepEqual(await readdir(path.join(settings.data, "stand-in/records")), []);
  });

  it("ends at SIGTERM with success", async () => {
    await start();
    running.kill("SIGTERM");
    const { exitCode, all } = await running;
    assert.equal(exitCode, 0);
    assert.match(all, /stand-in for thing: ended$/);
  });

  it("won't start without its directories", async () => {
    await rm(settings.writable[0]!, { recursive: true });
    await start();
    const { exitCode, all } = await running;
    assert.equal(exitCode, 1);
    assert.match(
      all,
      new RegExp(
        `stand-in for thing: the directory ${settings.writable[0]} is not writable for uid \\d+, gid \\d+: ` +
          ".*no such file or directory",
      ),
    );
  });
});

describe("a Go program", () => {
  it("needs Go, and says so in one line", async () => {
    const empty = await mkdtemp(path.join(tmpdir(), "no-go-"));
    await chmod(empty, 0o755);
    await assert.rejects(compileGo(__dirname, empty, { PATH: empty }), {
      name: "UserError",
      message:
        "The local cluster's images cannot be made, because `go` (Go 1.21 or newer) is not on PATH. Install it, or " +
        "use a cluster that can pull images: `npm start -- --context NAME`.",
    });
    await rm(empty, { recursive: true });
  });
});
