import assert from "node:assert/strict";
import type { RestoreTask } from "../../../model/restore";
import { claimsInto } from "../../../ops/restore/into";
import { jobOfScratch, needsOfScratch, reasonIn, scratchClaim } from "../../../ops/restore/scratch";
import { committedStacks, planOf } from "../../stack";
import { cronJobOf } from "../cron-job";

const { plan } = planOf(committedStacks().get("dev")!, "dev");
const service = (name: string) => plan.services.find((each) => each.name === name)!;
const [like = assert.fail("no volume")] = service("redis").claims;
const task: RestoreTask = {
  point: "a0123456",
  of: "project/dev/redis",
  repository: "https://b.lan",
  volume: "redis-data",
  target: "",
  targetName: "look",
  resume: false,
  service: "redis",
  namespace: "local-ai-system",
};
const scratch = { name: "look", like, task };
const cronJob = cronJobOf({
  serviceAccountName: "redis-backup",
  automountServiceAccountToken: true,
  securityContext: { runAsUser: 999 },
  containers: [
    {
      name: "backup",
      command: ["node", "/programs/backup.mjs"],
      env: [
        { name: "BACKUP", value: "{}" },
        { name: "RESTIC", value: "/tools/restic" },
      ],
      volumeMounts: [{ name: "work", mountPath: "/work" }],
    },
  ],
  volumes: [
    { name: "programs", configMap: { name: "backups" } },
    { name: "repository", secret: { secretName: "backups", defaultMode: 0o440 } },
    { name: "work", emptyDir: {} },
  ],
});
const shared = {
  cronJob,
  secret: { data: { password: "cA==" } },
  programs: { data: { "restore.mjs": "" } },
  policy: { spec: { podSelector: {}, egress: [{ ports: [{ port: 8000 }] }] } },
};

describe("a point that is brought to a claim beside its service", () => {
  it("has a claim like the service's, of no stack", () => {
    const { metadata, spec } = scratchClaim(scratch);
    assert.deepEqual(
      [
        metadata?.name,
        metadata?.annotations?.["cluster-storage/scratch"],
        metadata?.annotations?.["cluster-storage/stack"],
      ],
      ["look", "point a0123456 of project/dev/redis", undefined],
    );
    assert.deepEqual(spec, {
      accessModes: ["ReadWriteOnce"],
      storageClassName: like.className,
      resources: { requests: { storage: like.size } },
    });
  });

  it("is brought there by the backup's own pod with the program that restores, which has no rights", () => {
    const { spec } = jobOfScratch(scratch, shared);
    const pod = spec!.template.spec!;
    assert.deepEqual(
      [spec!.suspend, pod.automountServiceAccountToken, pod.serviceAccountName, pod.securityContext],
      [true, false, "default", { runAsUser: 999 }],
    );
    const [container] = pod.containers;
    assert.deepEqual(container!.command, ["node", "/programs/restore.mjs", "copy"]);
    assert.deepEqual(container!.env, [
      { name: "RESTORE", value: JSON.stringify({ ...task, target: "/target" }) },
      { name: "RESTIC", value: "/tools/restic" },
    ]);
    assert.deepEqual(pod.volumes, [
      { name: "programs", configMap: { name: "look-restore" } },
      { name: "repository", secret: { secretName: "look-restore", defaultMode: 0o440 } },
      { name: "work", emptyDir: {} },
      { name: "target", persistentVolumeClaim: { claimName: "look" } },
    ]);
  });

  it("leaves nothing of what opens the repository: that goes with the job", () => {
    const needs = needsOfScratch(scratch, shared, "u");
    for (const { metadata } of needs)
      assert.deepEqual(
        [metadata?.name, metadata?.ownerReferences],
        ["look-restore", [{ apiVersion: "batch/v1", kind: "Job", name: "look-restore", uid: "u" }]],
      );
    assert.deepEqual(needs[2].spec?.podSelector, { matchLabels: { "batch.kubernetes.io/restores": "look-restore" } });
  });

  it("has a claim for each volume of the pod", () =>
    assert.deepEqual(
      claimsInto({ name: "look", plan: service("taskflow") }).map(({ name }) => name),
      ["look-storage", "look-logs", "look-files"].slice(0, service("taskflow").claims.length),
    ));

  for (const [name, message] of [
    ["redis-data", "--into redis-data is the name of a volume of redis; choose another name"],
    ["redis-data-7", "--into redis-data-7 is the name of a volume of redis; choose another name"],
  ] as const)
    it(`can't be called ${name}`, () =>
      assert.throws(() => claimsInto({ name, plan: service("redis") }), { name: "UserError", message }));

  it("can't be called what no claim can", () =>
    assert.throws(() => claimsInto({ name: "Look", plan: service("redis") }), {
      name: "UserError",
      message: /^--into /,
    }));

  it("says why it could not be brought there", () => {
    assert.equal(reasonIn('{"error":"the point is damaged","transient":false}'), "the point is damaged");
    assert.equal(reasonIn("OOMKilled"), "OOMKilled");
  });
});
