import assert from "node:assert/strict";
import { jobOf } from "../../../kube/backup-job";
import { cronJobOf } from "../cron-job";

describe("the job that looks at points of a service without a backup", () => {
  it("is another service's, as the other user and without that service's keys", () => {
    const env = [{ name: "BACKUP", value: JSON.stringify({ service: "redis", namespace: "cache", keys: "redis" }) }];
    const cronJob = cronJobOf({
      securityContext: { runAsUser: 1, runAsNonRoot: true },
      containers: [{ name: "b", env }],
    });
    const of = { service: "searxng", namespace: "search", identity: { uid: 977, gid: 978 } };
    const { spec } = jobOf(cronJob, { act: "inspect", of });
    const pod = spec?.template.spec;
    assert.deepEqual(pod?.securityContext, { runAsUser: 977, runAsNonRoot: true, runAsGroup: 978, fsGroup: 978 });
    assert.deepEqual(JSON.parse(pod?.containers[0]?.env?.[0]?.value ?? ""), {
      service: "searxng",
      namespace: "search",
    });
    assert.equal(env[0]!.value.includes("redis"), true, "the CronJob is as it was");
  });
});
