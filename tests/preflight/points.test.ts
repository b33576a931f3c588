import assert from "node:assert/strict";
import type { AskOptions } from "../../kube/api";
import { takePoints } from "../../preflight/points/take";
import type { Risk } from "../../plan/risks";

const point = (name: string, newest?: string) => ({
  service: { name, namespace: "apps", kind: "Deployment" as const },
  cronJob: { namespace: "backups", name: `${name}-backup` },
  ...(newest !== undefined && { newest }),
});
const move: Risk = { service: "redis", what: "its move redis-data-1-to-2", points: [point("redis")] };
const cronJob = {
  metadata: { name: "redis-backup", namespace: "backups", uid: "u" },
  spec: { jobTemplate: { spec: { template: { spec: { containers: [] } } } } },
};

/** A cluster whose jobs end as `ends` says, with the last words of their pods. */
function fake({
  workload = {} as object | null,
  cron = cronJob as object | null,
  ends = ["Complete"],
  words = "",
  phase = "Pending",
  pods = 200,
} = {}) {
  const made: string[] = [];
  const deleted: string[] = [];
  const ask = async (path: string, { body, method }: AskOptions = {}) => {
    const answer = (value: object | null | undefined) => ({
      status: !value ? 404 : 200,
      body: JSON.stringify(value ?? { message: "not found" }),
    });
    if (method === "DELETE") return answer(void deleted.push(path) as undefined);
    if (body !== undefined) {
      const { metadata } = body as { metadata: { generateName: string } };
      made.push(metadata.generateName);
      return answer({ metadata: { name: `${metadata.generateName}1` } });
    }
    if (path.includes("/cronjobs/")) return answer(cron);
    if (path.includes("/deployments/")) return answer(workload && { metadata: { annotations: workload } });
    if (path.includes("/pods?") && pods !== 200) return { status: pods, body: "" };
    if (path.includes("/pods?"))
      return answer({
        items: [
          {
            status: {
              phase: ends[0] === "" ? phase : "Running",
              containerStatuses: [{ state: { terminated: { message: words } } }],
            },
          },
        ],
      });
    const end = ends.length > 1 ? ends.shift()! : ends[0]!;
    if (end === "away") throw new Error("away");
    if (end === "gone") return answer(undefined);
    return answer({
      status: { conditions: end === "" ? [] : [{ type: end, status: "True", message: "DeadlineExceeded" }] },
    });
  };
  return { server: "", ask, made, deleted };
}

describe("a point before a risk", () => {
  let said: string[];
  beforeEach(() => (said = []));
  const take = (api: ReturnType<typeof fake>, risks: Risk[], more: object = {}) =>
    takePoints(api, risks, {
      say: (line) => void said.push(line),
      warn: (line) => void said.push(`warning: ${line}`),
      env: {},
      preview: false,
      every: 1,
      ...more,
    });
  const refused = (why: string, what = move.what) => [
    {
      path: "services.redis",
      message:
        `no point of redis could be taken before ${what}, so nothing was changed: ${why}. Mend that and run the same ` +
        "again; to go on without a point, name the service: CLUSTER_STORAGE_NO_POINT=redis before the same command",
    },
  ];

  it("is taken by the job that does so on schedule, once for a service, and waited for", async () => {
    const api = fake({ ends: ["", "away", "Complete"] });
    const again = { ...move, service: "n8n", what: "its change" };
    assert.deepEqual(await take(api, [move, again]), []);
    assert.deepEqual(api.made, ["redis-backup-now-"]);
    assert.deepEqual(said, [
      "taking a point of redis before its move redis-data-1-to-2",
      "there is a new point of redis",
    ]);
  });

  it("that can't be taken stops the update, with the reason and the way on", async () => {
    const words = "redis was not backed up, and no point was made: the repository is gone";
    assert.deepEqual(await take(fake({ ends: ["Failed"], words }), [move]), refused("the repository is gone"));
    assert.deepEqual(
      await take(fake({ ends: ["Failed"] }), [move]),
      refused("the job backups/redis-backup-now-1 failed: DeadlineExceeded"),
    );
    assert.deepEqual(
      await take(fake({ ends: ["gone"] }), [move]),
      refused("somebody has deleted the job backups/redis-backup-now-1"),
    );
  });

  it("is given up where the job's pod doesn't start, and the job goes", async () => {
    const api = fake({ ends: [""] });
    assert.deepEqual(
      await take(api, [move], { starting: 20 }),
      refused("the pod of job backups/redis-backup-now-1 did not start within 0 minutes"),
    );
    assert.equal(api.deleted.length, 1);
  });

  for (const [what, more] of [
    ["whose pod has ended, before the job says so", { phase: "Succeeded" }],
    ["whose pods can't be listed", { pods: 429 }],
  ] as const)
    it(`isn't given up in a job ${what}`, async () => {
      const api = fake({ ends: [...Array<string>(20).fill(""), "Complete"], ...more });
      assert.deepEqual(await take(api, [move], { starting: 0 }), []);
      assert.deepEqual(api.deleted, []);
    });

  it("is announced and not taken in a preview", async () => {
    const api = fake();
    assert.deepEqual(await take(api, [move], { preview: true }), []);
    assert.deepEqual([api.made, said], [[], ["a point of redis is taken before its move redis-data-1-to-2"]]);
  });

  it("isn't taken of a service that somebody has named", async () => {
    const api = fake();
    assert.deepEqual(await take(api, [move], { env: { CLUSTER_STORAGE_NO_POINT: "n8n, redis" } }), []);
    assert.deepEqual(said, [
      "warning: no point of redis is taken before its move redis-data-1-to-2, because CLUSTER_STORAGE_NO_POINT names " +
        "it",
    ]);
    assert.deepEqual(api.made, []);
  });

  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  for (const [what, api, age, made] of [
    ["where there is a new one", fake(), 29, 0],
    ["where the newest is half an hour old", fake(), 31, 1],
    ["where the newest is dated in the future", fake(), -60, 1],
    ["in the middle of a move", fake({ workload: { "cluster-storage/moving": "x" } }), undefined, 0],
    ["of a service that isn't there yet", fake({ workload: null }), undefined, 0],
    ["where the backup is only made by this update", fake({ cron: null }), undefined, 0],
  ] as const)
    it(`${made > 0 ? "is" : "isn't"} taken ${what}`, async () => {
      const newest = age === undefined ? undefined : minutesAgo(age);
      assert.deepEqual(await take(api, [{ ...move, points: [point("redis", newest)] }]), []);
      assert.equal(api.made.length, made);
    });
});
