import assert from "node:assert/strict";
import type { Api, ApiObject, Reply } from "../../../local-cluster/instance/api";
import { apiReady, isStale, nodeTrouble, stalePods } from "../../../local-cluster/instance/health";
import { lastComplaint } from "../../../local-cluster/instance/supervise";

// The time of the whole table: other suites may run for long between this line and the tests.
const now = Date.now();
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
const replying = (replies: Record<string, Reply>): Api => ({
  call: async (_method, path) =>
    replies[path.split("/").at(-1)!] ?? replies[path.includes("leases") ? "lease" : "node"]!,
});
const node = (status: string, heartbeat: string, message = ""): Reply => ({
  status: 200,
  body: {
    status: {
      conditions: [
        { type: "MemoryPressure", status: "False" },
        { type: "Ready", status, message, lastHeartbeatTime: heartbeat },
      ],
    },
  },
});
const lease = (renewTime: string) => ({ status: 200, body: { spec: { renewTime } } });
const trouble = (nodeReply: Reply, leaseReply: Reply, since?: Date) =>
  nodeTrouble({ call: async (_method, path) => (path.includes("leases") ? leaseReply : nodeReply) }, since, now);

describe("health", () => {
  it("takes an API server for ready only when it says so", async () => {
    assert.equal(await apiReady(replying({ readyz: { status: 200, body: { message: "ok" } } })), true);
    assert.equal(await apiReady(replying({ readyz: { status: 500, body: { message: "etcd failed" } } })), false);
    assert.equal(await apiReady({ call: () => Promise.reject(new Error("refused")) }), false);
  });

  const cases: [string, Reply, Reply, Date | undefined, string | undefined][] = [
    ["Ready and heard of", node("True", ago(5)), lease(ago(3)), undefined, undefined],
    ["Ready with an old heartbeat and a fresh lease", node("True", ago(200)), lease(ago(3)), undefined, undefined],
    [
      "not registered",
      { status: 404, body: {} },
      { status: 404, body: {} },
      undefined,
      "the kubelet has not registered",
    ],
    [
      "Ready, and silent since",
      node("True", ago(60)),
      lease(ago(50)),
      undefined,
      "the kubelet has not reported for 40 s",
    ],
    [
      "Ready from before a restart",
      node("True", ago(20)),
      lease(ago(1)),
      new Date(now - 5000),
      "the kubelet has not reported yet",
    ],
    ["Ready after a restart", node("True", ago(2)), lease(ago(1)), new Date(now - 5000), undefined],
    ["not Ready", node("False", ago(2), "no network"), lease(ago(1)), undefined, "no network"],
  ];
  for (const [what, nodeReply, leaseReply, since, expected] of cases) {
    it(`sees a node that is ${what}`, async () => assert.equal(await trouble(nodeReply, leaseReply, since), expected));
  }

  it("knows pods that are shown with containers that don't run any more", async () => {
    const pod = (id: string, more: object = {}): ApiObject => ({
      metadata: { name: id, namespace: "n", ...more },
      status: { phase: "Running", containerStatuses: [{ containerID: `containerd://${id}`, state: { running: {} } }] },
    });
    assert.equal(isStale(pod("old"), ["new"]), true);
    assert.equal(isStale(pod("new"), ["new"]), false);
    assert.equal(isStale(pod("old", { deletionTimestamp: "2026-01-01T00:00:09Z" }), []), false);
    assert.equal(isStale({ status: { phase: "Pending" } }, []), false);
    assert.equal(isStale({ status: { phase: "Running", containerStatuses: [{ state: { waiting: {} } }] } }, []), false);
    assert.equal(isStale({ status: { ...pod("old").status, phase: "Succeeded" } }, []), false);
    const api: Api = { call: async () => ({ status: 200, body: { items: [pod("old"), pod("new")] } }) };
    assert.deepEqual(await stalePods(api, ["new"]), ["n/old"]);
  });
});

describe("a log's last complaint", () => {
  const cases: [string, string, string | undefined][] = [
    [
      "klog's error before later notes",
      "I1122 a\nE1122 02:07:39 run.go:72] broken\nI1122 bye\n",
      "E1122 02:07:39 run.go:72] broken",
    ],
    ["the last of several", "E1122 one\nF1122 two\n", "F1122 two"],
    ["containerd's", 'time="x" level=error msg="no"\ntime="x" level=info msg="yes"', 'time="x" level=error msg="no"'],
    ["etcd's", '{"level":"fatal","msg":"no"}\n{"level":"warn","msg":"hm"}', '{"level":"fatal","msg":"no"}'],
    ["a panic", "hello\npanic: nil\ngoroutine 1", "panic: nil"],
    ["the last line where none is an error", "one\ntwo\n\n", "two"],
    ["nothing of an empty log", "", undefined],
  ];
  for (const [what, log, expected] of cases) it(`is ${what}`, () => assert.equal(lastComplaint(log), expected));
});
