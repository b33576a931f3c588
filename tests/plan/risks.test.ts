import assert from "node:assert/strict";
import type { ClaimFacts, RunFacts } from "../../model/facts";
import { movedAnnotation, movedToAnnotation, writtenByAnnotation } from "../../model/metadata";
import { risksOf } from "../../plan/risks";
import { planOf } from "../stack";
import { claim } from "./guard-fixture";

const backups = `  cluster-storage:backups:
    { repository: { rest: { url: "https://backup.lan" }, password: { secure: v1:abc } } }
`;
const config = (services: string, more = backups) => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    fast: { type: local-path, path: /opt/fast }
${more}  cluster-storage:services: { ${services} }
`;
const pod = (
  service: string,
  image: string,
  kind: RunFacts["kind"] = "Pod",
  more: Partial<RunFacts> = {},
): RunFacts => ({
  kind,
  namespace: "local-ai-system",
  name: service,
  service,
  image,
  ran: kind === "Pod",
  claims: [`${service}-data`],
  ...more,
});

function risks(services: string, claims: ClaimFacts[], runs: RunFacts[] = [], more = backups) {
  const { plan, faults } = planOf(config(services, more));
  assert.deepEqual(faults, []);
  return risksOf(plan, { claims, runs });
}
const said = (...args: Parameters<typeof risks>) =>
  risks(...args).map(({ service, what, points }) => [service, what, points.map((point) => point.service.name)]);

const moved = "redis: { size: 1Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi }] }";
const arrived = [
  claim({ annotations: { [movedToAnnotation]: JSON.stringify({ to: "redis-data-2" }) } }),
  claim({ name: "redis-data-2", annotations: { [movedAnnotation]: JSON.stringify({ from: "redis-data" }) } }),
];

describe("what an update puts at risk", () => {
  it("is what a move that has not arrived takes along", () => {
    assert.deepEqual(said(moved, [claim()]), [["redis", "its move redis-data-1-to-2", ["redis"]]]);
    assert.deepEqual(said(moved, arrived), []);
    assert.deepEqual(said(moved, []), [], "there is no data yet");
  });

  it("is nothing where a point is restored, which may be because no point can be taken", () => {
    const restored = moved.replace("backend: fast", `from: { point: ${"a".repeat(64)} }`);
    assert.deepEqual(said(restored, [claim()]), []);
  });

  it("is nothing of a service without a backup", () => {
    assert.deepEqual(said(moved.replace("{ size", '{ backup: none, because: "in git", size'), [claim()]), []);
    assert.deepEqual(said(moved, [claim()], [], ""), []);
  });

  it("is a change of the engine's version, and not another place of the same image", () => {
    const redis = (image: string) => `redis: { size: 1Gi, image: "${image}" }`;
    const runs = [pod("redis", "redis:7.2.5")];
    assert.deepEqual(said(redis("redis:7.4.11"), [claim()], runs), [
      ["redis", "its change from Redis 7.2.5 to Redis 7.4.11", ["redis"]],
    ]);
    assert.deepEqual(said(redis("registry.lan/redis:7.2.5"), [claim()], runs), []);
    const mark = { [writtenByAnnotation]: JSON.stringify({ engine: "Redis", version: "7.2.5", image: "redis:7.2.5" }) };
    assert.deepEqual(said(redis("redis:7.2.5"), [claim({ annotations: mark })]), []);
    assert.equal(said(redis("redis:7.4.11"), [claim({ annotations: mark })]).length, 1, "the workload is gone");
    assert.deepEqual(said(redis("redis:7.4.11").replace("{", "{ run: false,"), [claim()], runs), []);
  });

  it("is a program's change too, and with it the database whose tables it changes", () => {
    const n8n = 'postgres: { size: 1Gi }, n8n: { size: 1Gi, image: "docker.io/n8nio/n8n:2.9.9" }';
    const own = claim({ namespace: "local-ai-n8n", name: "n8n-data", service: "n8n" });
    const of = (image: string) => [pod("n8n", image, "Pod", { namespace: "local-ai-n8n" })];
    assert.deepEqual(said(n8n, [own], of("n8nio/n8n:2.8.0")), [
      ["n8n", "its change from n8n 2.8.0 to n8n 2.9.9", ["n8n", "postgres"]],
    ]);
    assert.deepEqual(said(n8n, [own], of("registry.lan/n8n:2.9.9")), []);
  });

  it("is another image of a service that no rules are known of", () => {
    const searxng = 'searxng: { size: 1Gi, image: "searxng/searxng:2026.1" }';
    const of = (image: string) => [pod("searxng", image, "Deployment", { namespace: "local-ai-search" })];
    const { plan } = planOf(config(searxng));
    const { namespace, engine } = plan.services[0]!;
    assert.equal(engine, undefined);
    const runs = (image: string) => of(image).map((run) => ({ ...run, namespace }));
    assert.deepEqual(said(searxng, [], runs("searxng/searxng:2025.9")), [
      ["searxng", "its change from searxng:2025.9 to searxng:2026.1", ["searxng"]],
    ]);
    assert.deepEqual(said(searxng, [], runs("registry.lan/searxng:2026.1")), []);
  });

  it("names each service's job and its newest point, which a moving volume has on the claim that it leaves", () => {
    const pointed = (at: string) => claim({ annotations: { "cluster-storage/backed-up": JSON.stringify({ at }) } });
    const at = "2026-03-01T02:00:00.000Z";
    const point = (claims: ClaimFacts[]) => risks(moved, claims)[0]!.points[0]!;
    const plain = {
      service: { name: "redis", namespace: "local-ai-system", kind: "Deployment" },
      cronJob: { namespace: "local-ai-backups", name: "redis-backup" },
    };
    assert.deepEqual(point([claim()]), plain);
    assert.deepEqual(point([pointed(at)]), { ...plain, newest: at });
    const earlier = { ...pointed("2026-02-01T02:00:00.000Z"), name: "redis-data-2" };
    assert.equal(point([earlier, pointed(at)]).newest, at);
    const broken = claim({ annotations: { "cluster-storage/backed-up": "{" } });
    assert.deepEqual(point([broken]), plain);
  });
});
