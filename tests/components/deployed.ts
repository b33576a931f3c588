import { unguarded } from "../unguarded";
import { backendTypes } from "../../backends/catalogue";
import assert from "node:assert/strict";
import { createServices } from "../../components/services";
import { Storage } from "../../components/storage";
import { planOf } from "../stack";
import { record, type Recorded } from "./recorded";

/** All that a stack's config without faults comes to. `asked`: what asks the cluster; `made`: as for record. */
export function deployConfig(yaml: string, asked = unguarded, made = true): Promise<Recorded[]> {
  const { plan, faults } = planOf(yaml);
  assert.deepEqual(faults, []);
  return record(
    (opts) =>
      createServices(
        { ...plan, storage: new Storage("storage", { ...plan, types: backendTypes }, opts), ...asked },
        opts,
      ),
    made,
  );
}

const header = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:services:
`;

/** The same of services alone, each in a line of its own. */
export const deploy = (services: string) => deployConfig(`${header}${services}`);
