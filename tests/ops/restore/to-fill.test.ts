import assert from "node:assert/strict";
import type { ListedPoint } from "../../../model/backup";
import type { ClaimFacts } from "../../../model/facts";
import { nothingToFill, passedOver } from "../../../ops/restore/all";
import { checkFresh, sortAbsent } from "../../../ops/restore/to-fill";
import { claimFacts } from "../../facts";
import { planOf } from "../../stack";
import { listedPoint } from "../listed-point";

const address = "https://b.lan";
function planned(services: string, backups = "") {
  const { plan, faults } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:backups: { repository: { rest: { url: "${address}" }, password: { secure: v1:abc } }${backups} }
  cluster-storage:services: { ${services} }
`);
  assert.deepEqual(faults, []);
  return plan;
}
const there = (namespace: string, name: string) => claimFacts({ namespace, name, stack: "cluster-storage/test" });
function absent(services: string, backups?: string, claims: ClaimFacts[] = []) {
  const plan = planned(services, backups);
  const found = sortAbsent(plan, { claims, volumes: [] });
  const names = Object.values(found).map((each: typeof found.fresh) => each.map(({ name }) => name));
  return { plan, found, names };
}
const point = (id: string, at: string, more: Partial<ListedPoint> = {}) =>
  listedPoint({ id, at, stack: "cluster-storage/test", ...more });
const redis = there("local-ai-system", "redis-data");

describe("npm run restore -- --all, of services whose volumes the cluster doesn't have", () => {
  it("fills those that have backups, and knows those that begin empty all the same", () => {
    assert.deepEqual(absent("redis: { size: 1Gi }").names, [["redis"], [], []]);
    assert.deepEqual(absent("redis: { size: 1Gi }", undefined, [redis]).names, [[], [], []]);
    assert.deepEqual(absent("redis: { size: 1Gi }", ", fresh: true").names, [[], ["redis"], []]);
    assert.deepEqual(absent("redis: { size: 1Gi, backup: none, because: a test }").names, [[], [], ["redis"]]);
  });

  it("is refused where fresh was left in the file and there are points, else an update would start them empty", () => {
    const { plan, found } = absent("redis: { size: 1Gi }, postgres: { size: 1Gi }", ", fresh: true");
    const points = [point("aaaaaaaa", "2026-03-01T02:00:00Z")];
    assert.throws(() => checkFresh(plan, found.fresh, points), {
      message:
        `fresh: true lets redis begin empty, and the repository at ${address} has points of redis; take it out of ` +
        "the entry of redis (or out of cluster-storage:backups), then run the same command again. To begin empty in " +
        "spite of them: pulumi up. No service was started",
    });
    checkFresh(plan, found.fresh, [point("aaaaaaaa", "2026-03-01T02:00:00Z", { stack: "cluster-storage/other" })]);
  });

  it("doesn't say that every service has its volumes where some are missing", () => {
    const { found: none } = absent("redis: { size: 1Gi }", undefined, [redis]);
    const all = "every service has its volumes, so there is nothing to bring back; nothing was changed";
    assert.equal(nothingToFill(none), all);
    const { found } = absent(
      "redis: { size: 1Gi, backup: none, because: a test }, searxng: { size: 1Gi, fresh: true }",
    );
    assert.equal(
      nothingToFill(found),
      "there is nothing to bring back; nothing was changed\n" +
        "begins empty, by fresh: true and without a point: searxng\n" +
        "not from a point: redis; a volume is missing there that has no backup, or that a volume made by hand waits " +
        "for, or beside others that are there",
    );
  });

  it("names newer points that a service doesn't get", () => {
    const { found } = absent("redis: { size: 1Gi }");
    const [old, small] = [
      point("aaaaaaaa", "2026-03-01T02:00:00Z"),
      point("bbbbbbbb", "2026-03-02T02:00:00Z", { shrunk: true }),
    ];
    const filling = { service: found.filled[0]!, point: old };
    assert.deepEqual(passedOver([filling], [old]), []);
    assert.deepEqual(passedOver([filling], [old, small]), [
      "redis: Newer is bbbbbbbb (2026-03-02 02:00 UTC, which has less than half of the data).",
    ]);
  });
});
