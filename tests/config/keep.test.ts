import assert from "node:assert/strict";
import { planOf } from "../stack";

const secret = "{ secure: v1:abc }";
const config = (backups: string, redis: string, rest = "") => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:backups: { ${backups}
    repository: { rest: { url: "https://a:8000/c", user: me, password: ${secret}${rest} }, password: ${secret} } }
  cluster-storage:services: { redis: { size: 1Gi, ${redis} } }
`;
const faults = (backups: string, redis = "", rest?: string) =>
  planOf(config(backups, redis, rest)).faults.map(({ path, message }) => `${path}: ${message}`);
const planned = (backups: string, redis = "", rest?: string) => {
  const { plan, faults } = planOf(config(backups, redis, rest));
  assert.deepEqual(faults, []);
  return plan;
};
const keepOf = (backups: string, redis?: string) => planned(backups, redis).services[0]?.backup?.keep;
const prune = `, prune: { url: "https://a:8001/c", user: pruner, password: ${secret} }`;

describe("how long points are kept", () => {
  it("is for ever unless the config says else", () => assert.equal(keepOf(""), undefined));

  it("is said for all, and for one service instead", () => {
    assert.deepEqual(keepOf("keep: { daily: 7, weekly: 2m }, "), { daily: 7, weekly: "2m" });
    assert.deepEqual(keepOf("keep: { daily: 7 }, ", "backup: { keep: { hourly: 24 } }"), { hourly: 24 });
    assert.equal(keepOf("keep: { daily: 7 }, ", "backup: { keep: all }"), undefined);
  });

  const amount = "must be a whole number from 1 to 9999, or a time such as 14d, 8h, 6m (months) or 1y6m, not ";
  for (const [what, backups, redis, rest, expected] of [
    [
      "several mistakes, all at once",
      'keep: { daily: 0, weekly: "7", monthly: 5w, never: 1 }, care: { schedule: weekly, cycle: 0 }, ',
      "backup: { keep: none }",
      "",
      [
        "backups.keep.never: unknown key; there is: daily, hourly, last, monthly, weekly, yearly",
        `backups.keep.daily: ${amount}0`,
        `backups.keep.weekly: ${amount}"7"; leave the quotes out`,
        `backups.keep.monthly: ${amount}"5w"`,
        'backups.care.schedule: "weekly" is not a schedule; write hourly, daily, or cron\'s five fields, for ' +
          'instance "0 3 * * *"',
        "backups.care.cycle: must be a whole number from 1 to 256, not 0",
        'services.redis.backup.keep: "none" is unknown; write all, or for instance { daily: 7 }',
      ],
    ],
    [
      "a policy that keeps nothing",
      "keep: {}, ",
      "",
      "",
      [
        "backups.keep: is empty, so no point would stay; say which do, for instance { daily: 7, weekly: 5, " +
          "monthly: 12 }",
      ],
    ],
    [
      "numbers of points where only another login removes them",
      "keep: { daily: 7, weekly: 2m }, ",
      "backup: { keep: { last: 3 } }",
      prune,
      [
        "backups.keep.daily: is a number, and whoever can add points could push yours out of it; as prune is there, " +
          "write a time, for instance 14d",
        "services.redis.backup.keep.last: is a number, and whoever can add points could push yours out of it; as " +
          "prune is there, write a time, for instance 2d",
      ],
    ],
    [
      "another login that is none",
      "",
      "",
      ", prune: {}",
      ["backups.repository.rest.prune: is empty; say what differs: url, or user and password"],
    ],
    [
      "another login without a password, or with one that all can read",
      "",
      "",
      ", prune: { user: pruner }",
      ["backups.repository.rest.prune.password: is missing"],
    ],
    [
      "a password that all can read",
      "",
      "",
      ", prune: { user: pruner, password: open }",
      [
        "backups.repository.rest.prune.password: has to be a secret, because a password in plain text would be in " +
          "git: pulumi config set --secret --path 'cluster-storage:backups.repository.rest.prune.password'",
      ],
    ],
  ] as const)
    it(`refuses ${what}`, () => assert.deepEqual(faults(backups, redis, rest).toSorted(), [...expected].toSorted()));

  it("takes times where only another login removes points", () => {
    const { backups } = planned("keep: { daily: 14d }, ", "", prune);
    assert.deepEqual(backups?.care.prune?.server, { host: "a", port: 8001 });
    assert.equal(backups?.care.task.repository, "https://a:8001/c");
    assert.equal(backups?.address, "https://a:8000/c");
  });
});

describe("the care of the repository, as planned", () => {
  it("is daily, for all services that have a backup, and reads all data in a week", () => {
    const { schedule, task, prune } = planned("keep: { daily: 7 }, ").backups!.care;
    assert.deepEqual([schedule, task.cycle, prune], ["0 4 * * *", 7, undefined]);
    assert.deepEqual(task.services, [
      { service: "redis", namespace: "local-ai-system", claims: ["redis-data"], keep: { daily: 7 } },
    ]);
  });
  it("is when the config says", () =>
    assert.equal(planned("care: { schedule: hourly }, ").backups?.care.schedule, "0 * * * *"));
});
