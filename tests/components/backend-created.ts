import { backendTypes } from "../../backends/catalogue";
import assert from "node:assert/strict";
import { Storage } from "../../components/storage";
import { settle } from "../../plan/cluster";
import { planOf } from "../stack";
import { one, record, type Recorded } from "./recorded";

/**
 * Everything that one backend comes to. It is called `it`; `backend`: its settings, in the flow style of YAML. `more`:
 * lines of the stack's config.
 */
export function createBackend(backend: string, more = ""): Promise<Recorded[]> {
  const { plan, faults } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { it: { ${backend}, default: true } }
  cluster-storage:services: {}
${more}`);
  assert.deepEqual(faults, []);
  return record(
    (opts) =>
      void new Storage(
        "storage",
        { ...settle(plan, { classes: [], claims: [] } as never).plan, types: backendTypes },
        opts,
      ),
  );
}

/** The Helm release of a name. */
export const release = (all: Recorded[], name: string) => one(all, "Release", name);
/** The names of what a resource waits for. */
export const after = (resource: Recorded) =>
  (resource.opts.dependsOn as { __name?: string }[]).map(({ __name }) => __name);
