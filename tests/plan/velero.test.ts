import assert from "node:assert/strict";
import { listClasses } from "../../plan/classes";
import { planVelero, type Covered } from "../../plan/velero";
import type { ServicePlan } from "../../model/plan";
import { known } from "../../known";
import { parseConfig } from "../../config/parse";
import { parse } from "yaml";
import { planOf } from "../stack";

const stack = (services: string, more = "") => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:velero: { fileSystemBackup: true }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/local-path-provisioner, default: true }
    ${more}
  cluster-storage:services:
    ${services}
`;
const volumes = ({ velero = {} }: ServicePlan) =>
  ["backup.velero.io/backup-volumes", "backup.velero.io/backup-volumes-excludes"].map((key) => velero[key]);
const hooked = ({ velero = {} }: ServicePlan) => Object.keys(velero).some((key) => key.includes("hook"));
const only = (yaml: string) => {
  const { plan, faults, warnings } = planOf(yaml);
  assert.deepEqual(faults, []);
  return { service: plan.services.find(({ name }) => yaml.includes(`    ${name}: `))!, warnings };
};

describe("what a stack's pods tell Velero", () => {
  it("is nothing where that is switched off", () => {
    const { service } = only(stack("redis: { size: 1Gi }").replace("true }", "false }"));
    assert.equal(service.velero, undefined);
    assert.equal(service.claims[0]?.notForVelero, undefined);
  });

  it("names the volumes with data, and leaves out the temporary files", () => {
    const { service, warnings } = only(stack("redis: { size: 1Gi }"));
    assert.deepEqual(volumes(service), ["redis-data", "scratch-0"]);
    assert.ok(hooked(service));
    assert.equal(service.claims[0]?.notForVelero, undefined);
    assert.deepEqual(warnings, []);
  });

  it("leaves out a service that says so, and its claims, which would come back empty", () => {
    const { service } = only(stack("redis: { size: 1Gi, velero: false }"));
    assert.deepEqual(volumes(service), [undefined, "redis-data,scratch-0"]);
    assert.ok(!hooked(service));
    assert.equal(service.claims[0]?.notForVelero, true);
  });

  it("leaves out the volumes from before a move", () => {
    const { service } = only(stack("redis: { size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }] }"));
    const [claim] = service.claims;
    assert.deepEqual([claim?.notForVelero, claim?.kept.map(({ notForVelero }) => notForVelero)], [undefined, [true]]);
  });

  describe("of a volume that other backups cover", () => {
    const covered: Covered = ({ name }) => name === "app-storage";
    const planned = (more: string) => {
      const yaml = stack(
        `taskflow-db: { size: 1Gi }\n    taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }${more} }`,
      );
      const values = Object.fromEntries(
        Object.entries((parse(yaml) as { config: object }).config).map(([key, value]) => [key.split(":")[1], value]),
      );
      const config = parseConfig({ owner: { project: "cluster-storage", stack: "test" }, values }, known);
      const spec = known.services.get("taskflow")!;
      const placed = {
        spec,
        config: config.services.get("taskflow")!,
        namespace: "taskflow",
        callers: [],
        trusts: false,
      };
      const service = planOf(yaml).plan.services.find(({ name }) => name === "taskflow")!;
      return planVelero(config.velero, placed, service, listClasses(config.backends, known.backends), covered).service;
    };

    it("is to leave it out, and to hold the service for the others", () => {
      const service = planned("");
      assert.deepEqual(volumes(service), ["logs-storage", "app-storage,scratch-0"]);
      const script = service.velero?.["pre.hook.backup.velero.io/command"] ?? "";
      assert.match(script, /cd \/app\/logs; find/);
      assert.doesNotMatch(script, /cd \/data/);
      assert.deepEqual(
        service.claims.map(({ notForVelero }) => notForVelero),
        [true, undefined],
      );
    });

    it("is to take it all the same where the service says so", () => {
      assert.deepEqual(volumes(planned(", velero: true")), ["app-storage,logs-storage", "scratch-0"]);
    });
  });

  const prints =
    "If that is of type hostPath, as Minikube's are, Velero can't back it up: it skips it and says so only in " +
    "its log. This prints a path for each such volume: kubectl get pv -o " +
    "custom-columns=CLAIM:.spec.claimRef.name,HOSTPATH:.spec.hostPath.path";

  it("comes with a warning where a volume may be of a type that Velero can't back up", () => {
    const existing = "minikube: { type: existing, class: standard, accessModes: [ReadWriteOnce] }";
    const { service, warnings } = only(stack("redis: { size: 1Gi, class: standard }", existing));
    assert.deepEqual(volumes(service), ["redis-data", "scratch-0"]);
    assert.deepEqual(warnings, [
      `services.redis: redis-data gets its volume from class standard, not from this stack. ${prints}`,
    ]);
    assert.deepEqual(only(stack('redis: { size: 1Gi, class: "" }')).warnings, [
      `services.redis: redis-data gets its volume from somebody's hand, not from this stack. ${prints}`,
    ]);
  });

  it("comes with a warning where a directory goes with its pod", () => {
    const ephemeral = "demo: { type: ephemeral, allowDataLoss: a demo }";
    const { service, warnings } = only(stack("redis: { size: 1Gi, backend: demo }", ephemeral));
    assert.deepEqual(volumes(service), [undefined, "redis-data,scratch-0"]);
    assert.deepEqual(warnings, [
      "services.redis: Velero leaves out the volume of redis-data, which is deleted with its pod.",
    ]);
  });

  it("comes with a warning where no way is known to make the data stand still", () => {
    const yaml = stack("redis: { size: 1Gi }");
    const { service } = only(yaml);
    const spec = { ...known.services.get("redis")!, exportRecipe: undefined };
    const config = parseConfig({ owner: { project: "p", stack: "s" }, values: {} }, known);
    const settings = { podAnnotations: {}, run: true, reaches: [], clients: [], claims: {} };
    const placed = { spec, config: settings as never, namespace: "x", callers: [], trusts: false };
    const planned = planVelero(
      { fileSystemBackup: true },
      placed,
      service,
      listClasses(config.backends, known.backends),
      () => false,
    );
    assert.ok(!hooked(planned.service));
    assert.equal(
      planned.warnings.at(-1),
      "services.redis: no way is known to make its data stand still, so Velero copies its files while it writes them.",
    );
  });
});
