import { deployConfig } from "./deployed";
import type { Recorded } from "./recorded";

/** The start of a config of two backends of local disks, up to its services. */
export const header = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:mover: { image: "mover:1" }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    fast: { type: local-path, path: /opt/fast }
  cluster-storage:services:
`;

/** Everything that services come to, which are written below that start. */
export const deploy = (services: string) => deployConfig(`${header}    ${services}\n`);

/** The names of what a resource waits for. */
export const dependencies = ({ opts }: Recorded) =>
  ([opts.dependsOn ?? []].flat() as unknown as { __name: string }[]).map(({ __name }) => __name);
/** What a move's job is told. */
export const instructions = (job: Recorded) =>
  JSON.parse(job.inputs.spec.template.spec.containers[0].env[0].value) as Record<string, unknown>;
