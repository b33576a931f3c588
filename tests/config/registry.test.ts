import assert from "node:assert/strict";
import { parse } from "yaml";
import { known } from "../../known";
import { parseConfig } from "../../config/parse";
import { judgeChange, type Place } from "../../model/version-change";
import { writtenBy } from "../../model/engine-version";
import { catalogue } from "../../services/catalogue";
import { planOf } from "../stack";

const stack = (registry: string, services = "redis: { size: 1Gi }", more = "") => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true${more} }
  cluster-storage:registry: ${registry}
  cluster-storage:services:
    ${services}
`;

/** Every image that a stack's pods have. */
function imagesOf(text: string): Record<string, string> {
  const { plan, faults } = planOf(text);
  assert.deepEqual(faults, []);
  const { config } = parse(text) as { config: Record<string, unknown> };
  const values = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.split(":")[1], value]));
  const { preflight } = parseConfig({ owner: { project: "cluster-storage", stack: "t" }, values }, known);
  const { image, helperImage } = plan.backends[0]!.install!.shown as Record<string, string>;
  return {
    ...Object.fromEntries(plan.services.map((service) => [service.name, service.container.image])),
    ...Object.fromEntries(
      plan.services.flatMap(({ database, name }) => (database ? [[`${name}'s`, database.image]] : [])),
    ),
    mover: plan.mover.image,
    probe: preflight.probeImage,
    provisioner: image,
    helper: helperImage,
  };
}

const several = `redis: { size: 1Gi, image: redis:7.4.2 }
    postgres: { size: 1Gi }
    n8n: { size: 1Gi }
    qdrant: { size: 1Gi, image: quay.io/qdrant/qdrant:v1.19.0 }
    searxng: { size: 1Gi, image: { ref: own/searxng:1, standIn: true } }`;

describe("images from a mirror", () => {
  it("have one place for all, under the names that are written", () =>
    assert.deepEqual(imagesOf(stack("mirror.lan:5000/hub", several)), {
      redis: "mirror.lan:5000/hub/redis:7.4.2",
      postgres: "mirror.lan:5000/hub/postgres:17.11-bookworm",
      n8n: "mirror.lan:5000/hub/n8nio/n8n:2.41.3",
      "n8n's": "mirror.lan:5000/hub/postgres:17.11-bookworm",
      qdrant: "quay.io/qdrant/qdrant:v1.19.0",
      searxng: "mirror.lan:5000/hub/own/searxng:1",
      mover: "mirror.lan:5000/hub/node:22.23.3-bookworm-slim",
      probe: "mirror.lan:5000/hub/busybox:1.37.0-musl",
      provisioner: "mirror.lan:5000/hub/rancher/local-path-provisioner:v0.0.37",
      helper: "mirror.lan:5000/hub/busybox:1.37.0-musl",
    }));

  it("have places by the beginning of their whole names, of which the longest counts", () => {
    const images = imagesOf(
      stack("{ docker.io: harbor.lan/proxy, docker.io/qdrant: q.lan, ghcr.io: harbor.lan/ghcr }", several),
    );
    assert.equal(images.postgres, "harbor.lan/proxy/library/postgres:17.11-bookworm");
    assert.equal(images.n8n, "harbor.lan/proxy/n8nio/n8n:2.41.3");
    assert.equal(images.qdrant, "quay.io/qdrant/qdrant:v1.19.0");
    assert.equal(
      imagesOf(stack("{ docker.io/qdrant: q.lan }", "qdrant: { size: 1Gi }")).qdrant,
      "q.lan/qdrant:v1.19.0-unprivileged",
    );
    const plain = imagesOf(stack("{ docker.io/library: mirror.lan }"));
    assert.deepEqual(
      [plain.redis, plain.provisioner],
      ["mirror.lan/redis:7.4.11-bookworm", "rancher/local-path-provisioner:v0.0.37"],
    );
  });

  it("have a place of their own, where a beginning is one image's whole name", () => {
    const images = imagesOf(
      stack("{ docker.io/library/redis: m.lan/cache/redis, docker.io/library/post: p.lan }", several),
    );
    assert.deepEqual([images.redis, images.postgres], ["m.lan/cache/redis:7.4.2", "postgres:17.11-bookworm"]);
    const digest = `@sha256:${"a".repeat(64)}`;
    const pinned = stack("{ docker.io/library/redis: m.lan/redis }", `redis: { size: 1Gi, image: "redis${digest}" }`);
    assert.equal(imagesOf(pinned).redis, `m.lan/redis${digest}`);
  });

  it("are taken as they are where the config names a registry, for the provisioner's pods too", () => {
    const images = imagesOf(
      stack("m.lan", undefined, ', image: "own.lan/provisioner:1", helperImage: "busybox:1.36"').replace(
        "  cluster-storage:services",
        "  cluster-storage:mover: { image: localhost/node:22 }\n  cluster-storage:services",
      ),
    );
    assert.deepEqual(
      [images.provisioner, images.helper, images.mover],
      ["own.lan/provisioner:1", "m.lan/busybox:1.36", "localhost/node:22"],
    );
  });

  it("keep their engine's version, and digests name the same content elsewhere", () => {
    const { engine } = planOf(stack("mirror.lan/hub")).plan.services[0]!;
    assert.equal(engine?.planned.version, "7.4.11");
    const rules = catalogue.get("redis")!.engine!;
    const digest = `@sha256:${"a".repeat(64)}`;
    const judge = (from: string, to: string) =>
      judgeChange(rules, writtenBy(rules, from), writtenBy(rules, to), { claim: "c", service: "redis" } as Place);
    assert.deepEqual(judge("redis:7.4.11", "mirror.lan/redis:7.4.11"), {});
    assert.deepEqual(judge(`redis${digest}`, `mirror.lan/redis${digest}`), {});
    assert.ok(judge(`redis${digest}`, `mirror.lan/redis@sha256:${"b".repeat(64)}`).refused);
  });

  it("are refused where no registry is named, all at once", () => {
    const said = (registry: string) => planOf(stack(registry)).faults.map(({ path, message }) => `${path}: ${message}`);
    const wrong = (value: string) =>
      `"${value}" is no place of images; write a registry's host, with its port and a path where it has them, and ` +
      "without https:// and a / at the end, for instance harbor.lan/dockerhub";
    assert.deepEqual(said("https://mirror.lan"), [`registry: ${wrong("https://mirror.lan")}`]);
    assert.deepEqual(said("{ docker.io: mirror/, hub: harbor.lan }"), [
      `registry["docker.io"]: ${wrong("mirror/")}`,
      `registry.hub: ${wrong("hub")}`,
    ]);
    assert.deepEqual(said("{ docker.io: me:hunter2@mirror.lan }"), [
      'registry["docker.io"]: has an @ in it: a user and a password would stand in the stack file and in Pulumi\'s ' +
        "state; put them into a Secret, and name that in imagePullSecrets (docs/where-pods-run.md)",
    ]);
    assert.deepEqual(said("5"), ["registry: must be an object, not 5"]);
  });
});
