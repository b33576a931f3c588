import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { judgeLock, judgeLocks, readLocks, removeLock, type Lock } from "../../../ops/pulumi/locks";
import { isOwnDisk } from "../../../ops/pulumi/own-disk";
import { findProcess, type ProcessFact } from "../../../ops/pulumi/process";

const taken = new Date("2026-03-01T10:00:00Z");
const lock: Lock = { file: "x.json", pid: 4711, username: "ann", hostname: "here", timestamp: taken };
const at = (seconds: number) => new Date(taken.getTime() + seconds * 1000);
const pulumi = (started: Date): ProcessFact => ({ name: "pulumi", started });

describe("judgeLock", () => {
  const cases: {
    about: string;
    host?: string;
    ownDisk?: boolean;
    process?: ProcessFact;
    free: boolean;
    why: string;
  }[] = [
    { about: "its process is gone", free: true, why: "process 4711 of this host is gone" },
    {
      about: "its process runs",
      process: pulumi(at(-5)),
      free: false,
      why: "held by ann@here, process 4711, since 2026-03-01T10:00:00.000Z: it is still running",
    },
    {
      about: "its process started within the clock's slack",
      process: pulumi(at(1)),
      free: false,
      why: "held by ann@here, process 4711, since 2026-03-01T10:00:00.000Z: it is still running",
    },
    {
      about: "its number went to a later pulumi",
      process: pulumi(at(60)),
      free: true,
      why: "process 4711 of this host is gone, its number is now another's (pulumi)",
    },
    {
      about: "its number is another program's",
      process: { name: "bash", started: at(-60) },
      free: true,
      why: "process 4711 of this host is no pulumi but bash",
    },
    {
      about: "it is another host's, whose process can't be seen",
      host: "elsewhere",
      free: false,
      why:
        "held by ann@here, process 4711, since 2026-03-01T10:00:00.000Z: another host, " +
        "so this machine can't tell whether it still runs",
    },
    {
      about: "it is another host's, and a process here has the same number",
      host: "elsewhere",
      process: pulumi(at(60)),
      free: false,
      why:
        "held by ann@here, process 4711, since 2026-03-01T10:00:00.000Z: another host, " +
        "so this machine can't tell whether it still runs",
    },
    {
      about: "another machine of that name may have taken it",
      ownDisk: false,
      free: false,
      why:
        "held by ann@here, process 4711, since 2026-03-01T10:00:00.000Z: the state is on a disk that other machines " +
        "may share, and one of them may be called here as well, so this machine can't tell whether it still runs; " +
        "when nobody updates the stack any more, pulumi cancel frees it",
    },
  ];
  for (const { about, host = "here", ownDisk = true, process, free, why } of cases) {
    it(`${free ? "frees" : "keeps"} a lock when ${about}`, () => {
      assert.deepEqual(judgeLock(lock, { hostname: host, ownDisk }, process), { lock, free, why });
    });
  }
});

describe("lock files", () => {
  let backend: string;
  let directory: string;
  beforeEach(async () => {
    backend = await mkdtemp(join(tmpdir(), "locks-"));
    directory = join(backend, ".pulumi/locks/organization/shop/dev");
    await mkdir(directory, { recursive: true });
  });
  afterEach(() => rm(backend, { recursive: true }));

  it("reads what the CLI writes, and passes over the side files", async () => {
    await writeFile(
      join(directory, "a.json"),
      '{"pid":7,"username":"ann","hostname":"here","timestamp":"2026-03-01T10:00:00Z"}',
    );
    await writeFile(join(directory, "a.json.attrs"), "{}");
    assert.deepEqual(await readLocks(backend, "shop", "dev"), [
      { file: join(directory, "a.json"), pid: 7, username: "ann", hostname: "here", timestamp: taken },
    ]);
  });

  it("judges each by this machine, on whose own disk they are", async () => {
    for (const [name, host] of Object.entries({ "a.json": hostname(), "b.json": "elsewhere" }))
      await writeFile(
        join(directory, name),
        JSON.stringify({ pid: 4_194_305, username: "ann", hostname: host, timestamp: taken }),
      );
    assert.deepEqual(
      (await judgeLocks(backend, "shop", "dev")).map(({ free, why }) => [free, why]),
      [
        [true, "process 4194305 of this host is gone"],
        [
          false,
          "held by ann@elsewhere, process 4194305, since 2026-03-01T10:00:00.000Z: another host, so this machine " +
            "can't tell whether it still runs",
        ],
      ],
    );
  });

  it("finds none for another stack", async () => {
    assert.deepEqual(await readLocks(backend, "shop", "prod"), []);
  });

  it("never frees a lock that it can't read", async () => {
    await writeFile(join(directory, "a.json"), "{");
    const [found] = await readLocks(backend, "shop", "dev");
    assert.ok(found);
    assert.equal(judgeLock(found, { hostname: "here", ownDisk: true }, undefined).free, false);
  });

  it("doesn't take one for released, nor all, that the system doesn't let it read", async () => {
    // The test uses a directory in place of a file. Missing permissions would not stop a test that runs as root.
    const failure = (text: string) => ({
      name: "UserError",
      message:
        `the stack's own files can't be read (${text}): nothing was changed; run this as the user who updates ` +
        "the stack",
    });
    await mkdir(join(directory, "a.json"));
    await assert.rejects(readLocks(backend, "shop", "dev"), failure("EISDIR: illegal operation on a directory, read"));
    await rm(directory, { recursive: true });
    await writeFile(directory, "");
    await assert.rejects(
      readLocks(backend, "shop", "dev"),
      failure(`ENOTDIR: not a directory, scandir '${directory}'`),
    );
  });

  it("removes the one lock with its side file, and no other", async () => {
    for (const name of ["a.json", "a.json.attrs", "b.json"])
      await writeFile(
        join(directory, name),
        '{"pid":7,"username":"ann","hostname":"here","timestamp":"2026-03-01T10:00:00Z"}',
      );
    await removeLock({ ...lock, file: join(directory, "a.json") });
    assert.deepEqual(await readdir(directory), ["b.json"]);
  });
});

describe("a machine's own disk", () => {
  it("is where the tests' files are, also where the directory isn't made yet", async () => {
    assert.equal(await isOwnDisk(tmpdir()), true);
    assert.equal(await isOwnDisk(join(tmpdir(), "not", "there")), true);
  });

  it("isn't what the kernel makes up, and nothing else that isn't known", async function () {
    if (process.platform !== "linux") this.skip();
    assert.equal(await isOwnDisk("/proc/self"), false);
  });
});

describe("findProcess", () => {
  it("knows this process by name and start", async () => {
    const found = await findProcess(process.pid);
    assert.match(found?.name ?? "", /node|MainThread/);
    const started = Date.now() - process.uptime() * 1000;
    assert.ok(
      Math.abs((found?.started.getTime() ?? 0) - started) < 5_000,
      `${found?.started.toISOString()} is not near ${new Date(started).toISOString()}`,
    );
  });

  it("finds nothing where there is no process", async () => {
    assert.equal(await findProcess(4_194_305), undefined);
  });
});
