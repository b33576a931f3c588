import assert from "node:assert/strict";
import { rmSync, mkdtempSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MeasuredService } from "../../model/metrics";
import { describeMetrics } from "../../mover/metrics/describe";
import { loadMover } from "./compiled";
import { FakeCluster } from "./fake-cluster";

const { Api } = loadMover("wire/api");
const { metricsServer } = loadMover("metrics/serve");

const at = "2026-03-01T02:03:00.000Z";
const now = new Date("2026-03-01T05:00:00Z");
const service: MeasuredService = {
  service: "redis",
  namespace: "cache",
  schedule: "0 2 * * *",
  claims: ["redis-data"],
};
const claim = (notes: Record<string, object | string>, creationTimestamp = "2026-01-01T00:00:00Z") => ({
  metadata: {
    creationTimestamp,
    annotations: Object.fromEntries(
      Object.entries(notes).map(([name, note]) => [
        `cluster-storage/${name}`,
        typeof note === "string" ? note : JSON.stringify(note),
      ]),
    ),
  },
});
const point = { id: "0123", at, files: 3, bytes: 2048, added: 1024, sha256: "" };

/** The samples of a text, by name and labels. Throws for a line that isn't of the format (Prometheus' 0.0.4). */
function parse(text: string): Record<string, number> {
  assert.ok(text.endsWith("\n"), "the last line has an end");
  const samples: Record<string, number> = {};
  let typed = "";
  for (const line of text.split("\n").slice(0, -1)) {
    const help = /^# HELP ([a-z_]+) [^\\]+$/.exec(line);
    const type = /^# TYPE ([a-z_]+) (gauge|counter)$/.exec(line);
    const sample = /^([a-z_]+)(\{(?:[a-z_]+="[^"\\\n]*",?)*\}) (-?[0-9.]+(?:e[+-]?\d+)?)$/.exec(line);
    if (type) typed = type[1]!;
    else if (sample) {
      assert.equal(sample[1], typed, "samples are below their type");
      const key = `${sample[1]}${sample[2]}`;
      assert.ok(!(key in samples), `${key} is there once`);
      samples[key] = Number(sample[3]);
    } else assert.ok(help, `a line of another form: ${line}`);
  }
  return samples;
}
const told = (...claims: ReturnType<typeof claim>[]) => {
  const labels = '{service="redis",namespace="cache"}';
  const samples = parse(describeMetrics([{ service, claims }], now));
  return Object.fromEntries(
    Object.entries(samples).map(([name, value]) => [
      name.replace(labels, "").replace(/^cluster_storage_backup_/, ""),
      value,
    ]),
  );
};
const quiet = { failed: 0, shrunk: 0, overdue: 0, drill_failed: 0 };
const seconds = Date.parse(at) / 1000;

describe("the metrics of backups", () => {
  it("are the newest point and the last drill, as the claims say them", () => {
    const drilled = { point: "0123", pointAt: at, at: "2026-03-01T03:00:00.000Z", seconds: 42 };
    assert.deepEqual(told(claim({ "backed-up": point, drilled })), {
      ...quiet,
      point_timestamp_seconds: seconds,
      point_bytes: 2048,
      point_files: 3,
      point_added_bytes: 1024,
      drill_timestamp_seconds: Date.parse(drilled.at) / 1000,
      drill_point_timestamp_seconds: seconds,
      drill_duration_seconds: 42,
    });
  });

  it("say what went wrong", () => {
    const shrunk = { ...point, shrunkFrom: { files: 9, bytes: 9000 } };
    const wrong = claim({
      "backed-up": shrunk,
      "backup-failed": { at, error: "x" },
      "drill-failed": { at, error: "y" },
    });
    const { failed, shrunk: less, drill_failed: drill, overdue } = told(wrong);
    assert.deepEqual([failed, less, drill, overdue], [1, 1, 1, 0]);
  });

  it("say what is overdue, of a service without any point too", () => {
    assert.equal(told(claim({ "backed-up": { ...point, at: "2026-02-28T02:03:00.000Z" } })).overdue, 1);
    assert.deepEqual(told(claim({})), { ...quiet, overdue: 1 });
    assert.deepEqual(told(claim({}, "2026-03-01T02:30:00Z")), quiet);
    assert.deepEqual(told(), quiet, "no claim is there");
  });

  it("leave out what can't be read", () => {
    for (const note of ["{", "null", "[]", '"x"', '{"at":1,"bytes":"2"}'])
      assert.equal(told(claim({ "backed-up": note }, at)).point_bytes, undefined, note);
    assert.deepEqual(told(claim({ "backed-up": "{", drilled: "7" }, at)), quiet);
  });

  it("have each name once for all services", () => {
    const other = { ...service, service: "qdrant", namespace: "data" };
    const claims = [claim({ "backed-up": point })];
    const text = describeMetrics(
      [
        { service, claims },
        { service: other, claims },
      ],
      now,
    );
    assert.equal(text.match(/^# TYPE cluster_storage_backup_point_bytes gauge$/gm)?.length, 1);
    assert.equal(parse(text)['cluster_storage_backup_point_bytes{service="qdrant",namespace="data"}'], 2048);
    assert.equal(Object.keys(parse(describeMetrics([], now))).length, 0);
  });

  describe("that are asked for", () => {
    let root: string;
    let cluster: FakeCluster;
    let server: http.Server;
    let address: string;
    beforeEach(async () => {
      root = mkdtempSync(join(tmpdir(), "metrics-"));
      cluster = new FakeCluster(root);
      const api = new Api({ url: await cluster.start(), token: () => "token" }, { patience: 300 });
      server = metricsServer(api, { services: [{ ...service, claims: ["redis-data", "absent"] }] });
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(() => {
      server.close();
      cluster.stop();
      rmSync(root, { recursive: true, force: true });
    });
    const ask = async (path: string, method = "GET") => {
      const answer = await fetch(`${address}${path}`, { method });
      return [answer.status, await answer.text(), answer.headers.get("content-type")] as const;
    };

    it("are the claims' of that moment", async () => {
      const { metadata } = claim({ "backed-up": point });
      const path = "/api/v1/namespaces/cache/persistentvolumeclaims/redis-data";
      cluster.put(path, { metadata: { ...metadata, namespace: "cache" }, spec: {} });
      const [status, text, type] = await ask("/metrics?x=1");
      assert.deepEqual([status, type], [200, "text/plain; version=0.0.4; charset=utf-8"]);
      assert.equal(parse(text)['cluster_storage_backup_point_bytes{service="redis",namespace="cache"}'], 2048);
    });

    it("are nowhere else, and nothing is changed by asking", async () => {
      assert.deepEqual((await ask("/")).slice(0, 2), [404, "the metrics are at /metrics\n"]);
      assert.deepEqual((await ask("/metrics", "POST")).slice(0, 2), [405, "only GET\n"]);
      assert.deepEqual((await ask("/ready")).slice(0, 2), [200, "ready\n"]);
    });

    it("are missing, and say so, where the claims can't be read", async () => {
      cluster.stop();
      const [status, text] = await ask("/metrics");
      assert.equal(status, 503);
      assert.match(text, /^the services' claims can't be read: the API server can't be reached: /);
    });
  });
});
