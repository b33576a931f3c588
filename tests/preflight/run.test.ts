import assert from "node:assert/strict";
import { backendTypes } from "../../backends/catalogue";
import { known } from "../../known";
import { parseConfig } from "../../config/parse";
import { describeRefusal } from "../../preflight/before-update";
import { checkIds } from "../../preflight/catalogue";
import { describeResults } from "../../preflight/print";
import { type GroupedResult, questionsOf } from "../../preflight/run";
import { checkAll, facts, node, stack } from "./cluster";

const old = { server: { url: "https://10.0.0.1:6443", version: "v1.28.1" } };

describe("the checks of a stack", () => {
  it("are the general ones and those of each backend, under the backend's name", () => {
    const two = stack({
      disk: { type: "local-path", path: "/a", default: true },
      "local-path": { type: "local-path", path: "/b" },
    });
    const groups = checkAll(two, facts()).map(({ group }) => group);
    assert.deepEqual([...new Set(groups)], ["cluster", "classes", "namespaces", "disk (local-path)", "local-path"]);
  });

  it("have ids of their own, so that one can be skipped by its name", () => {
    const ids = checkIds(backendTypes);
    assert.deepEqual(
      ids.filter((id, i) => ids.indexOf(id) < i),
      [],
    );
    assert.deepEqual(ids.slice(0, 3), ["cluster-reachable", "cluster-version", "cluster-nodes"]);
    for (const id of [
      "local-path-space",
      "longhorn-iscsi",
      "nfs-export",
      "rook-ceph-devices",
      "openebs-lvm-volume-group",
      "static-volume",
    ])
      assert.ok(ids.includes(id), id);
  });

  it("give results that bear the id they are skipped by", () => {
    const ids = checkIds(backendTypes);
    const all = stack({
      disk: { type: "local-path", path: "/a", default: true },
      big: { type: "longhorn" },
      files: { type: "nfs", server: "nas", share: "/" },
      ceph: { type: "rook-ceph", deviceFilter: "sd" },
      lvm: { type: "openebs-lvm", volumeGroup: "vg" },
    });
    for (const { id } of [
      ...checkAll(all, facts()),
      ...checkAll(all, facts({ ...old, nodes: [node("a", { osImage: "Talos (v1.13.0)" })] })),
    ])
      assert.ok(ids.includes(id), id);
  });

  it("don't count where the config skips them, and say why", () => {
    const skipping = stack(undefined, undefined, {
      skip: [
        { check: "cluster-version", reason: "upgraded next week" },
        { check: "cluster-nodes", reason: "not of today" },
      ],
    });
    const results = checkAll(skipping, facts(old));
    assert.deepEqual(
      results.find(({ id }) => id === "cluster-version"),
      {
        group: "cluster",
        id: "cluster-version",
        level: "skipped",
        title: "Kubernetes v1.28.1 is older than 1.29, the first that is supported (skipped: upgraded next week)",
      },
    );
    assert.equal(results.find(({ id }) => id === "cluster-nodes")?.level, "ok");
  });

  it("ask for no more than the backends need", () => {
    const asked = ({ config }: ReturnType<typeof stack>) =>
      questionsOf({ backends: config.backends, types: backendTypes });
    assert.deepEqual(
      asked(stack({ there: { type: "existing", class: "standard", accessModes: ["ReadWriteOnce"], default: true } })),
      { kubelets: false, servers: [], paths: [], programs: [], disks: false, exports: [], groups: ["longhorn.io"] },
    );
    const some = {
      disk: { type: "local-path", path: "/a", nodes: { n: ["/a", "/b"] }, default: true },
      one: { type: "nfs", server: "nas", share: "/x" },
      two: { type: "nfs", server: "nas", share: "/y", install: false },
    };
    assert.deepEqual(asked(stack(some)), {
      kubelets: true,
      servers: ["nas"],
      paths: ["/a", "/b", "/var/lib/kubelet"],
      programs: [],
      disks: false,
      exports: [
        { server: "nas", share: "/x" },
        { server: "nas", share: "/y" },
      ],
      groups: ["longhorn.io"],
    });
  });
});

describe("the section preflight", () => {
  const faults = (preflight: unknown) => {
    const values = {
      cluster: { context: "home", identifier: "home" },
      backends: { disk: { type: "local-path", path: "/a", default: true } },
      services: {},
      preflight,
    };
    return parseConfig({ owner: { project: "test", stack: "prod" }, values }, known).faults;
  };

  it("may be left out", () => assert.deepEqual(faults(undefined), []));
  it("names checks that there are", () =>
    assert.deepEqual(faults({ skip: [{ check: "local-path-spaces", reason: "r" }] }), [
      { path: "preflight.skip[0].check", message: 'no check "local-path-spaces"; did you mean "local-path-space"?' },
    ]));
  it("wants a reason", () => {
    assert.deepEqual(faults({ skip: [{ check: "quotas" }] }), [
      { path: "preflight.skip[0].reason", message: "is missing" },
    ]);
    assert.deepEqual(faults({ skip: [{ check: "quotas", reason: " " }] }), [
      { path: "preflight.skip[0].reason", message: "is empty; say why this check doesn't matter here" },
    ]);
  });
  it("has no other keys", () =>
    assert.deepEqual(faults({ skips: [] }), [
      { path: "preflight.skips", message: 'unknown key; did you mean "skip"?' },
    ]));
});

describe("what a person sees", () => {
  const results: GroupedResult[] = [
    { group: "cluster", id: "a", level: "ok", title: "fine" },
    { group: "cluster", id: "b", level: "error", title: "broken", wayOut: "first\nsecond" },
    { group: "disk (local-path)", id: "c", level: "warning", title: "tight", wayOut: "make room" },
    { group: "disk (local-path)", id: "d", level: "skipped", title: "not known" },
  ];

  it("is groups of ticks and crosses, each with its way out, and their sum", () => {
    assert.equal(
      describeResults(results),
      [
        "cluster",
        "  ✓ fine",
        "  ✗ broken [b]",
        "      first",
        "      second",
        "",
        "disk (local-path)",
        "  ! tight [c]",
        "      make room",
        "  - not known [d]",
        "",
        "1 passed, 1 failed, 1 warning, 1 not checked",
      ].join("\n"),
    );
  });

  it("before an update is what failed, and how one check is skipped", () => {
    const failed = results.filter(({ level }) => level === "error");
    assert.equal(
      describeRefusal("prod", failed),
      [
        'the cluster of stack "prod" fails a check, so nothing was changed:',
        "  ✗ broken [b]",
        "      first",
        "      second",
        "A check that doesn't matter here is skipped by its name: cluster-storage:preflight.skip (docs/preflight.md).",
      ].join("\n"),
    );
    assert.equal(
      describeRefusal("prod", [...failed, ...failed]).split("\n")[0],
      'the cluster of stack "prod" fails 2 checks, so nothing was changed:',
    );
  });
});
