import assert from "node:assert/strict";
import type { V1CronJob, V1Pod } from "@kubernetes/client-node";
import { chooseBackups, newestOf, type BackedUpService } from "../../../ops/backup/decide";
import { jobOf } from "../../../kube/backup-job";
import { waitsFor } from "../../../ops/backup/job";
import { planTable, pointTable, readListed } from "../../../ops/backup/print";
import type { StackOutputs } from "../../../ops/pulumi/outputs";

const backup = { namespace: "backups", cronJob: "redis-backup", schedule: "0 2 * * *", repository: "https://a" };
const service = (more: object) =>
  ({ namespace: "cache", run: true, claims: [{ name: "redis-data" }], ...more }) as StackOutputs["services"][string];
const services = { redis: service({ backup }), searxng: service({}), qdrant: service({ run: false }) };

describe("which services are backed up", () => {
  const names = (...wanted: string[]) => chooseBackups(services, wanted).map(([name]) => name);

  it("are those that have a backup, or those of them that are named", () => {
    assert.deepEqual(names(), ["redis"]);
    assert.deepEqual(names("redis"), ["redis"]);
  });

  for (const [name, message] of [
    ["rediz", 'no service "rediz" in this stack (did you mean "redis"?); it has redis, searxng, qdrant'],
    ["searxng", "searxng has no backup: its entry in the stack's config says backup: none"],
    ["qdrant", "qdrant doesn't run (run: false in the stack's config), so it has no pod that its data could leave"],
  ] as const)
    it(`can't be ${name}`, () => assert.throws(() => names(name), { name: "UserError", message }));

  it("are none where the stack has no backups", () =>
    assert.throws(() => chooseBackups({ searxng: service({}) }, []), {
      message:
        "this stack has no backups: say in cluster-storage:backups where they go (docs/backups.md), and run pulumi up",
    }));
});

describe("the job that backs a service up now", () => {
  const cronJob: V1CronJob = {
    metadata: { name: "redis-backup", namespace: "backups", uid: "u", labels: { a: "b" } },
    spec: {
      schedule: "",
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          template: { spec: { containers: [{ name: "backup", env: [{ name: "BACKUP", value: "{}" }] }] } },
        },
      },
    },
  };

  it("is that of the CronJob, which owns it, at once and with one try", () => {
    const { metadata, spec } = jobOf(cronJob, { act: "init" });
    assert.deepEqual(metadata, {
      generateName: "redis-backup-init-",
      namespace: "backups",
      labels: { a: "b" },
      annotations: { "cronjob.kubernetes.io/instantiate": "manual" },
      ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name: "redis-backup", uid: "u", controller: true }],
    });
    assert.equal(spec?.backoffLimit, 0);
    assert.deepEqual(spec?.template.spec?.containers[0]?.env, [
      { name: "BACKUP", value: "{}" },
      { name: "BACKUP_ACT", value: "init" },
      { name: "BACKUP_NOW", value: "true" },
    ]);
  });
});

describe("a job's pod that doesn't start", () => {
  const pod = {
    metadata: { name: "redis-backup-now-1", creationTimestamp: new Date("2026-03-01T02:00:00Z") },
    status: {
      phase: "Pending",
      initContainerStatuses: [
        { name: "restic", ready: false, state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } },
      ],
    },
  } as V1Pod;

  it("is told of after a few seconds, with what it waits for", () => {
    assert.equal(waitsFor(pod, new Date("2026-03-01T02:00:09Z")), undefined);
    assert.equal(
      waitsFor(pod, new Date("2026-03-01T02:00:10Z")),
      "waiting for pod redis-backup-now-1: container restic is waiting, ImagePullBackOff: no such image",
    );
  });

  it("isn't told of once it runs", () =>
    assert.equal(waitsFor({ ...pod, status: { phase: "Running" } }, new Date()), undefined));
});

describe("what is said of backups", () => {
  const at = "2026-03-01T02:00:00.000Z";
  const now = new Date("2026-03-01T05:00:00Z");
  const point = { id: "0123456789", at, bytes: 2048, added: 1024 };

  it("is when each runs, its newest point and why there is no newer one", () => {
    const [own] = chooseBackups(services, []) as [BackedUpService];
    const newest = newestOf([
      {
        annotations: {
          "cluster-storage/backed-up": JSON.stringify(point),
          "cluster-storage/backup-failed": JSON.stringify({ at, error: "no room" }),
        },
      },
    ]);
    assert.equal(
      planTable([{ service: own, newest }], now),
      "SERVICE  VOLUMES     SCHEDULE       NEWEST POINT     LAST RUN  LAST DRILL\n" +
        "redis    redis-data  0 2 * * * UTC  3h ago, 2.0 KiB  failed    never\n" +
        "  redis: no room (2026-03-01 02:00 UTC)",
    );
  });

  it("is the last drill, and why it proved nothing", () => {
    const [own] = chooseBackups(services, []) as [BackedUpService];
    const drilled = JSON.stringify({ point: "0123456789", pointAt: at, at, seconds: 12.3 });
    const failed = JSON.stringify({ at, error: "the record is missing" });
    const of = (annotations: Record<string, string>) =>
      planTable([{ service: own, newest: newestOf([{ annotations }]) }], now);
    assert.match(of({ "cluster-storage/drilled": drilled }), / ok, 3h ago$/);
    assert.match(
      of({ "cluster-storage/drilled": drilled, "cluster-storage/drill-failed": failed }),
      / failed\n {2}redis: its last drill failed: the record is missing \(2026-03-01 02:00 UTC\)$/,
    );
  });

  it("is nothing where somebody has made the notes unreadable", () => {
    for (const text of ["{", "null", "{}", '{"at":1}'])
      assert.deepEqual(
        newestOf([
          {
            annotations: Object.fromEntries(
              ["backed-up", "backup-failed", "drilled", "drill-failed"].map((name) => [
                `cluster-storage/${name}`,
                text,
              ]),
            ),
          },
        ]),
        {},
        text,
      );
  });

  it("is nothing yet before the first run", () => {
    const [own] = chooseBackups(services, []) as [BackedUpService];
    assert.match(planTable([{ service: own, newest: newestOf([{}]) }], now), /none yet +– +never$/);
  });

  it("are the points of the services, the newest first", () => {
    const points = [
      { ...point, service: "redis", generation: "1", shrunk: false },
      { ...point, id: "abcdefabcdef", at: "2026-03-02T02:00:00.000Z", service: "redis", generation: "2", shrunk: true },
      { ...point, service: "other", generation: "1", shrunk: false },
    ];
    const [first, ...others] = points;
    const lines = [[first], others].map((part) => `points: ${JSON.stringify(part)}`);
    const listed = readListed(["waiting", ...lines, "points in all: 3"]);
    assert.equal(
      pointTable(listed, ["redis"]),
      "SERVICE  POINT     TIME                  GENERATION  SIZE                     ADDED\n" +
        "redis    abcdefab  2026-03-02 02:00 UTC  2           2.0 KiB, less than half  1.0 KiB\n" +
        "redis    01234567  2026-03-01 02:00 UTC  1           2.0 KiB                  1.0 KiB",
    );
    assert.equal(pointTable(listed, ["postgres"]), "no points yet: npm run backup makes one of each service");
    const incomplete = pointTable([{ ...listed[0]!, incomplete: true }], ["redis"]);
    assert.match(incomplete, /2\.0 KiB, incomplete +1\.0 KiB$/);
    for (const [cut, counted] of [
      [["waiting", ...lines], "3 of an unknown number"],
      [[lines[1]!, "points in all: 3"], "2 of 3"],
    ] as const)
      assert.throws(() => readListed(cut), {
        name: "UserError",
        message: `the list of points came cut off: ${counted}; run the same command again`,
      });
  });
});
