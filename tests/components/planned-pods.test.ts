import assert from "node:assert/strict";
import { known } from "../../known";
import { plannedPods } from "../../planned-pods";
import { committedStacks, planOf } from "../stack";

interface Spec {
  containers: { name: string; volumeMounts?: { name: string }[] }[];
  initContainers?: Spec["containers"];
  volumes?: { name: string }[];
}

const podsOf = (services: string) => {
  const { plan, faults } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    disk: { type: local-path, path: /opt/volumes, default: true }
    fast: { type: local-path, path: /opt/fast }
  cluster-storage:services:
${services}`);
  assert.deepEqual(faults, []);
  return plannedPods(plan, known.backends);
};

describe("the pods that a plan needs", () => {
  it("are the services' own, those of the jobs around them, and the backends'", () => {
    const moved = "backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: disk }]";
    const pods = podsOf(`    postgres: { size: 1Gi }
    n8n: { size: 1Gi }
    redis: { size: 1Gi, ${moved} }
    qdrant: { size: 1Gi, run: false }
    neo4j: { size: 1Gi, rotation: 2 }
    taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }, files: { size: 1Gi, cleanup: { olderThan: 30d } } }
    taskflow-db: { size: 1Gi }
`);
    assert.deepEqual(
      pods.map(({ what, namespace }) => `${namespace}: ${what}`),
      [
        "disk-storage: the provisioner's pod of backend disk",
        "disk-storage: a pod that makes a volume's directory for backend disk",
        "fast-storage: the provisioner's pod of backend fast",
        "fast-storage: a pod that makes a volume's directory for backend fast",
        "local-ai-data: the pod of postgres",
        "local-ai-system: the pod of redis",
        "local-ai-system: the pod of the move of redis-data-2",
        "local-ai-system: the pod that copies redis-data-2",
        "local-ai-data: the pod of neo4j",
        "local-ai-data: the pod that renews the password of neo4j",
        "taskflow: the pod of taskflow-db",
        "local-ai-n8n: the pod of n8n",
        "local-ai-data: the pod that makes the database of n8n",
        "taskflow: the pod of taskflow",
        "taskflow: the pod that makes the database of taskflow",
        "taskflow: the pod of the clean-up of taskflow",
      ],
    );
  });

  it("have every volume that they mount, those of claim templates too", () => {
    for (const [stack, yaml] of committedStacks())
      for (const { what, spec } of plannedPods(planOf(yaml, stack).plan, known.backends)) {
        const { containers, initContainers = [], volumes = [] } = spec as unknown as Spec;
        const mounted = [...containers, ...initContainers].flatMap(({ volumeMounts = [] }) => volumeMounts);
        const names = volumes.map(({ name }) => name);
        assert.deepEqual(
          mounted.filter(({ name }) => !names.includes(name)),
          [],
          `${stack}: ${what}`,
        );
        assert.equal(new Set(names).size, names.length, `${stack}: ${what}`);
      }
  });
});
