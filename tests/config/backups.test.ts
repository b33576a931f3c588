import assert from "node:assert/strict";
import { planOf } from "../stack";

const secret = "{ secure: v1:abc }";
const rest = `rest: { url: "https://backup.lan:8000/cluster", user: me, password: ${secret} }`;
const keys = `accessKeyId: ${secret}, secretAccessKey: ${secret}`;
const s3 = `s3: { endpoint: "https://s3.lan", bucket: backups, prefix: a/b, ${keys} }`;

const config = (backups: string, redis = "{ size: 1Gi }") => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  ${backups === "" ? "" : `cluster-storage:backups: ${backups}`}
  cluster-storage:services: { redis: ${redis} }
`;
const faults = (backups: string, redis?: string) =>
  planOf(config(backups, redis)).faults.map(({ path, message }) => `${path}: ${message}`);
const repository = (inner: string, password = `password: ${secret}`) => `{ repository: { ${inner}, ${password} } }`;

describe("the section backups", () => {
  it("takes a REST server and an S3 bucket", () => {
    assert.deepEqual(faults(repository(rest)), []);
    assert.deepEqual(faults(repository(s3)), []);
  });

  it("takes the words for schedules, and Kubernetes' five fields, for all and for one", () => {
    const { plan } = planOf(
      config(`{ schedule: hourly, ${repository(rest).slice(2)}`, '{ size: 1Gi, backup: { schedule: "5 1 * * sun" } }'),
    );
    assert.equal(plan.services[0]?.backup?.schedule, "5 1 * * sun");
    assert.equal(
      planOf(config(`{ schedule: hourly, ${repository(rest).slice(2)}`)).plan.services[0]?.backup?.schedule,
      "0 * * * *",
    );
    assert.equal(planOf(config(repository(rest))).plan.services[0]?.backup?.schedule, "0 2 * * *");
  });

  for (const [what, backups, expected] of [
    [
      "two places",
      repository(`${rest}, ${s3}`),
      ["backups.repository: names rest and s3; a repository is in one place, so leave all but one out"],
    ],
    [
      "no place",
      `{ repository: { password: ${secret} } }`,
      ["backups.repository: names no place; a repository is in one of rest, s3, sftp, nfs, claim"],
    ],
    [
      "a place that it can't use",
      repository(`ftp: { host: a }, ${rest}`),
      ['backups.repository.ftp: unknown key; did you mean "sftp"?'],
    ],
    [
      "a place that is like none of those",
      repository(`webdav: { host: a }, ${rest}`),
      ["backups.repository.webdav: unknown key; there is: ca, claim, formerPassword, nfs, password, rest, s3, sftp"],
    ],
    ["no password", `{ repository: { ${rest} } }`, ["backups.repository.password: is missing"]],
    ["no repository", "{}", ["backups.repository: is missing"]],
    [
      "a password in plain text",
      repository(rest, "password: open"),
      [
        "backups.repository.password: has to be a secret, because the repository's password in plain text would be " +
          "in git: pulumi config set --secret --path 'cluster-storage:backups.repository.password'",
      ],
    ],
    [
      "a user without a password",
      repository('rest: { url: "https://a", user: me }'),
      ["backups.repository.rest.password: is missing"],
    ],
    [
      "a user in the address",
      repository('rest: { url: "https://me:open@a" }'),
      [
        "backups.repository.rest.url: has an @ in it: what logs in has keys of its own here; an address is for " +
          "instance https://backup.lan:8000/cluster",
      ],
    ],
    [
      "no address, and a port that there can't be",
      repository('rest: { url: "https://a:99999" }'),
      [
        'backups.repository.rest.url: "https://a:99999" is not the address of a server; one is for instance ' +
          "https://backup.lan:8000/cluster",
      ],
    ],
    [
      "several mistakes, all at once",
      `{ schedule: weekly, namespace: A, image: "restic/restic:latest",
    repository: { s3: { endpoint: s3, bucket: A }, password: ${secret} } }`,
      [
        'backups.repository.s3.endpoint: "s3" is not the address of a server; one is for instance ' +
          "https://s3.eu-central-1.amazonaws.com",
        'backups.repository.s3.bucket: "A" is no name of a bucket; one has 3 to 63 lower-case letters, ' +
          'digits, "-" and "."',
        "backups.repository.s3.accessKeyId: is missing",
        "backups.repository.s3.secretAccessKey: is missing",
        'backups.schedule: "weekly" is not a schedule; write hourly, daily, or cron\'s five fields, for ' +
          'instance "0 3 * * *"',
        'backups.namespace: "A" is refused by Kubernetes; use at most 63 lower-case letters, digits and "-", with a ' +
          "letter or digit at both ends",
        'backups.image: "restic/restic:latest" is latest, so the image can change without notice; pin a version',
      ],
    ],
    [
      "a namespace that a service has",
      `{ namespace: local-ai-system, ${repository(rest).slice(2)}`,
      [
        "backups.namespace: is the namespace of redis, where people may read the Secrets; name one that " +
          "nothing else uses",
      ],
    ],
  ] as const)
    it(`refuses ${what}`, () => assert.deepEqual(faults(backups), expected));

  for (const [what, backups, redis, expected] of [
    [
      "none without a reason",
      repository(rest),
      "{ size: 1Gi, backup: none }",
      ["services.redis.because: is missing; say why redis needs no backup, or leave backup out"],
    ],
    [
      "a reason beside a backup",
      repository(rest),
      "{ size: 1Gi, because: it is a cache }",
      ["services.redis.because: says why there is no backup; write backup: none too, or leave it out"],
    ],
    [
      "a backup without a repository",
      "",
      "{ size: 1Gi, backup: { schedule: daily } }",
      ["services.redis.backup: needs a repository; say in cluster-storage:backups where it is (docs/backups.md)"],
    ],
    [
      "a word that is not none",
      repository(rest),
      "{ size: 1Gi, backup: daily }",
      ['services.redis.backup: "daily" is unknown; write none, or { schedule: hourly }'],
    ],
    [
      "a day that Kubernetes doesn't have",
      repository(rest),
      '{ size: 1Gi, backup: { schedule: "0 0 * * 7" } }',
      [
        'services.redis.backup.schedule: "0 0 * * 7" has "7" as day of the week; it goes from 0 to 6, as *, 5, 1-5, ' +
          "1,5 or */5",
      ],
    ],
  ] as const)
    it(`refuses of a service ${what}`, () => assert.deepEqual(faults(backups, redis), expected));

  it("gets restic's image where the stack gets its images", () => {
    const { plan } = planOf(
      config(repository(rest)).replace(
        "cluster-storage:services",
        "cluster-storage:registry: mirror.lan/hub\n  cluster-storage:services",
      ),
    );
    assert.equal(plan.backups?.image, "mirror.lan/hub/restic/restic:0.19.1");
  });

  it("needs no repository for what has no backup", () =>
    assert.deepEqual(faults("", "{ size: 1Gi, backup: none, because: it is a cache }"), []));
});
