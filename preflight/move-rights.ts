import * as pulumi from "@pulumi/pulumi";
import type { MoveBinding, MoveRights } from "../model/move-rights";
import { repositorySecret } from "../model/restore";
import type { Api } from "../kube/api";
import { lateRefusal } from "./late-refusal";

const rbac = "rbac.authorization.k8s.io";
const pathOf = ({ metadata: { namespace, name } }: MoveBinding) =>
  `/apis/${rbac}/v1/namespaces/${namespace}/rolebindings/${name}`;

const secretOf = ({ metadata: { namespace }, app }: MoveBinding) =>
  `/api/v1/namespaces/${namespace}/secrets/${repositorySecret(app)}`;

/** Gives and takes the rights of moves by a RoleBinding that isn't in the stack's state. */
export const moveRights = (api: Api): MoveRights => ({
  give: (binding) => give(api, binding),
  take: (binding) => take(api, binding),
});

async function give(api: Api, binding: MoveBinding): Promise<void> {
  const { metadata, app, role } = binding;
  const { status, body } = await api.ask(`${pathOf(binding)}?fieldManager=cluster-storage&force=true`, {
    method: "APPLY",
    body: {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: { ...metadata, ownerReferences: [{ apiVersion: `${rbac}/v1`, kind: "Role", name: app, uid: role }] },
      roleRef: { apiGroup: rbac, kind: "Role", name: app },
      subjects: [{ kind: "ServiceAccount", name: app, namespace: metadata.namespace }],
    },
  });
  if (status === 200 || status === 201) return giveRepository(api, binding);
  throw lateRefusal(
    `the account ${metadata.namespace}/${app} could not be given the rights for its move: the cluster answers ` +
      `${status}: ${reason(body)}. No data was moved.`,
  );
}

/** Puts what opens the repository beside a restore. It goes with the role, and the restore itself deletes it. */
async function giveRepository(api: Api, binding: MoveBinding): Promise<void> {
  const { metadata, app, role, repository } = binding;
  if (!repository) return;
  const { status, body } = await api.ask(`${secretOf(binding)}?fieldManager=cluster-storage&force=true`, {
    method: "APPLY",
    body: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        ...metadata,
        name: repositorySecret(app),
        ownerReferences: [{ apiVersion: `${rbac}/v1`, kind: "Role", name: app, uid: role }],
      },
      stringData: repository,
    },
  });
  if (status === 200 || status === 201) return;
  throw lateRefusal(
    `the restore ${metadata.namespace}/${app} could not be given what opens the repository: the cluster answers ` +
      `${status}: ${reason(body)}. No data was moved.`,
  );
}

/**
 * A job that isn't complete keeps its rights: it starts its service again with them. Where they can't be taken, a
 * warning says so, because the data is where it should be.
 */
async function take(api: Api, binding: MoveBinding): Promise<void> {
  const { metadata, jobs } = binding;
  const command = `kubectl delete rolebinding ${metadata.name} -n ${metadata.namespace}`;
  try {
    if (!(await Promise.all(jobs.map((job) => isOver(api, metadata.namespace ?? "", job)))).every(Boolean)) return;
    if (binding.repository) await api.ask(secretOf(binding), { method: "DELETE" });
    const { status, body } = await api.ask(pathOf(binding), { method: "DELETE" });
    if (status === 200 || status === 404) return;
    await pulumi.log.warn(
      `the rights of a finished move were not taken away: the cluster answers ${status}: ${reason(body)}; ${command}`,
    );
  } catch (error) {
    await pulumi.log.warn(
      `the rights of a finished move were not taken away: ${(error as Error).message}; the next update takes them ` +
        `away, or ${command}`,
    );
  }
}

/** Whether the job is complete, or isn't there. */
async function isOver(api: Api, namespace: string, job: string): Promise<boolean> {
  const { status, body } = await api.ask(`/apis/batch/v1/namespaces/${namespace}/jobs/${job}`);
  if (status === 404) return true;
  if (status !== 200) return false;
  const { conditions = [] } =
    (JSON.parse(body) as { status?: { conditions?: { type: string; status: string }[] } }).status ?? {};
  return conditions.some(({ type, status }) => type === "Complete" && status === "True");
}

function reason(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? "no reason given";
  } catch {
    return "no reason given";
  }
}
