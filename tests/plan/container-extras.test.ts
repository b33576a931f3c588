import assert from "node:assert/strict";
import { withPatience } from "../../plan/settings/patience";
import { readyWithin } from "../../plan/waits";
import { catalogue } from "../../services/catalogue";
import type { Probe, Probes } from "../../model/container";
import { plan, service } from "./plan-fixture";

const containerOf = (name: string, settings: string) =>
  service(`    ${name}: { size: 1Gi, ${settings} }`, name).container;

describe("a container's settings of its pod", () => {
  describe("extraVolumes and shm", () => {
    it("are planned as they are said", () => {
      const { extraVolumes, shm } = containerOf(
        "redis",
        "shm: 128Mi, extraVolumes: [{ path: /opt/ca, secret: my-ca }, { path: /opt/a/x.conf, configMap: mine, items: " +
          "[{ key: a, path: x.conf }], subPath: x.conf, optional: true }]",
      );
      assert.equal(shm, "128Mi");
      assert.deepEqual(extraVolumes, [
        { kind: "Secret", name: "my-ca", path: "/opt/ca", optional: false },
        {
          kind: "ConfigMap",
          name: "mine",
          path: "/opt/a/x.conf",
          items: [{ key: "a", path: "x.conf" }],
          subPath: "x.conf",
          optional: true,
        },
      ]);
    });

    it("give PostgreSQL a quarter of its memory, and others what the runtime gives", () => {
      const shmOf = (name: string, limit: string) =>
        containerOf(name, `resources: { requests: { memory: 64Mi }, limits: { memory: ${limit} } }`).shm;
      assert.equal(shmOf("postgres", "1Gi"), "256Mi");
      assert.equal(shmOf("postgres", "4Gi"), "1024Mi");
      assert.equal(shmOf("postgres", "256Mi"), undefined);
      assert.equal(shmOf("taskflow-db", "512Mi"), "128Mi");
      assert.equal(shmOf("redis", "1Gi"), undefined);
      assert.equal(containerOf("postgres", "shm: 512Mi").shm, "512Mi");
    });
  });

  describe("probes", () => {
    it("are as patient as the config says, in whole tries", () => {
      const { probes } = containerOf(
        "redis",
        "probes: { startupSeconds: 1801, timeoutSeconds: 15, livenessSeconds: 61 }",
      );
      const { startup, readiness, liveness } = catalogue.get("redis")!.probes;
      assert.deepEqual(probes, {
        startup: { ...startup, timeoutSeconds: 15, failureThreshold: 901 },
        readiness: { ...readiness, timeoutSeconds: 15 },
        liveness: { ...liveness, timeoutSeconds: 15, failureThreshold: 4 },
      });
    });

    it("are the catalogue's for all that the config doesn't say", () => {
      const { probes } = containerOf("redis", "probes: { livenessSeconds: 600 }");
      const { startup, readiness, liveness } = catalogue.get("redis")!.probes;
      assert.deepEqual(probes, {
        startup: { ...startup, timeoutSeconds: 5 },
        readiness: { ...readiness, timeoutSeconds: 5 },
        liveness: { ...liveness, timeoutSeconds: 10, failureThreshold: 30 },
      });
    });

    it("wait five seconds for an answer, or as long as the catalogue says, of every service", () => {
      for (const [name, spec] of catalogue) {
        const probes = withPatience(spec.probes);
        for (const [which, probe] of Object.entries(probes) as [keyof Probes, Probe][])
          assert.equal(probe.timeoutSeconds, spec.probes[which]?.timeoutSeconds ?? 5, `${name} ${which}`);
        for (const probe of Object.values(probes)) assert.ok((probe as Probe).timeoutSeconds! >= 5, name);
      }
    });

    it("wait for the start of the user's own program, which the catalogue doesn't", () => {
      const base = "    taskflow-db: { size: 1Gi }\n    taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }";
      const { probes } = service(`${base}, port: 3000, probes: { startupSeconds: 600 } }`, "taskflow").container;
      assert.deepEqual(probes.startup, {
        action: { tcp: 3000 },
        periodSeconds: 5,
        timeoutSeconds: 5,
        failureThreshold: 120,
      });
    });

    it("make an update wait as long, also for a database in that server", () => {
      const { services } = plan(
        "    postgres: { size: 1Gi, probes: { startupSeconds: 7200 } }\n    n8n: { size: 1Gi }",
      );
      const [server, client] = services;
      assert.equal(readyWithin(server!.graceSeconds, server!.container.probes), 7645);
      assert.equal(client!.database?.readyWithin, 7645);
    });
  });
});
