import assert from "node:assert/strict";
import type { ClaimFacts } from "../../model/facts";
import { claim, redis, said } from "./guard-fixture";

describe("what would cost data is a fault", () => {
  const table: [string, string, ClaimFacts[], string[]][] = [
    [
      "a service that is gone",
      "qdrant: { size: 1Gi }",
      [claim()],
      [
        "services.redis: is gone from the config, but its claim redis-data is in namespace local-ai-system; " +
          "to take the service out and keep its data, leave services.redis in and set run: false",
      ],
    ],
    [
      "a claim of another name",
      "redis: { size: 1Gi, class: local-path, claim: mine }",
      [claim()],
      [
        "services.redis: claim redis-data in namespace local-ai-system is not in the config any more; undo " +
          "the change of its name, namespace or generation, or list it under kept; npm run release -- redis gives up " +
          "a kept volume",
      ],
    ],
    [
      "a generation that nobody keeps",
      "redis: { size: 1Gi, class: local-path, generation: 2 }",
      [claim()],
      [
        "services.redis: claim redis-data in namespace local-ai-system is not in the config any more; undo " +
          "the change of its name, namespace or generation, or list it under kept; npm run release -- redis gives up " +
          "a kept volume",
      ],
    ],
    [
      "a claim that was there before",
      redis,
      [claim({ stack: undefined })],
      [
        "services.redis: claim redis-data is in namespace local-ai-system already and belongs to no stack; " +
          "take it over with npm run adopt, or give this service's claim another name (claim:)",
      ],
    ],
    [
      "another stack's claim",
      redis,
      [claim({ stack: "cluster-storage/prod" })],
      [
        "services.redis: claim redis-data is in namespace local-ai-system already and belongs to stack " +
          "cluster-storage/prod; give this service's claim another name (claim:) or namespace",
      ],
    ],
  ];
  for (const [what, services, claims, faults] of table)
    it(what, () => assert.deepEqual(said(services, claims).faults, faults));

  it("another cluster", () => {
    const another = (which: string) =>
      `cluster.context: "minikube" leads to another cluster than the one that has this stack's data (kube-system ` +
      `${which}); ` +
      "if the cluster was there before this stack's last update, the context or the kubeconfig is wrong: name the " +
      "context of the stack's cluster; if it was made anew since then (a reset, minikube delete), the old one's data " +
      "is not in it: npm run recover -- --new-cluster --stack test (with --context minikube instead of --stack where " +
      "npm start deployed it) looks, and lets the stack begin empty there";
    const made = "2026-11-29T01:00:00.000Z";
    assert.deepEqual(said(redis, [], { uid: "new", deployedTo: "old" }).faults, [another("new, not old")]);
    assert.deepEqual(said(redis, [], { uid: "new", made, deployedTo: "old" }).faults, [
      another(`new, made at ${made}, not old`),
    ]);
    const unreadBefore = { uid: "new", deployedTo: "" };
    const same = { uid: "same", deployedTo: "same" };
    for (const facts of [same, { uid: "first" }, { deployedTo: "unreadable-now" }, unreadBefore])
      assert.deepEqual(said(redis, [], facts).faults, []);
  });

  it("taking over is what adopt asks for: only what doesn't fit is a fault then", () => {
    assert.deepEqual(said(redis, [claim({ stack: undefined })], { adopting: true }).faults, []);
    assert.deepEqual(said(redis, [claim({ stack: undefined, size: "10Gi" })], { adopting: true }).faults, []);
  });

  it("data that was to go with its service is only named", () => {
    const { faults, warnings } = said("qdrant: { size: 1Gi }", [claim({ unprotected: true })]);
    assert.deepEqual(faults, []);
    assert.deepEqual(warnings, [
      "claim redis-data in namespace local-ai-system is deleted with its data, because services.redis was " +
        "protect: false",
    ]);
  });

  it("somebody else's claim that would go with the namespace is a fault", () => {
    const going = claim({ unprotected: true });
    const others = [
      claim({ name: "theirs", service: "", stack: undefined }),
      claim({ name: "prods", stack: "cluster-storage/prod" }),
      claim({ name: "elsewhere", namespace: "other", stack: undefined }),
    ];
    const why = (name: string, whose: string) =>
      `services.redis: removing redis deletes namespace local-ai-system and claim ${name} in it, which ${whose}; ` +
      "move that claim's data elsewhere first, or leave services.redis in and set run: false";
    assert.deepEqual(said("qdrant: { size: 1Gi }", [going, ...others]).faults, [
      why("theirs", "belongs to no stack"),
      why("prods", "belongs to stack cluster-storage/prod"),
    ]);
    assert.deepEqual(said("searxng: { size: 1Gi, namespace: local-ai-system }", [going, ...others]).faults, []);
    assert.deepEqual(said(redis, [going, ...others]).faults, []);
  });

  it("returning to a volume as it was says what is left behind", () => {
    const { faults, warnings } = said(
      "redis: { size: 1Gi, class: local-path, kept: [{ generation: 2, size: 1Gi, backend: fast }] }",
      [claim()],
    );
    assert.deepEqual(faults, []);
    assert.deepEqual(warnings, [
      "services.redis: claim redis-data is used as it was before its data moved to redis-data-2; what was written " +
        "since then is in redis-data-2 only, which is kept",
    ]);
  });
});
