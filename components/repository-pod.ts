import type { types } from "@pulumi/kubernetes";
import { backupsName } from "../model/backup";
import type { BackupsPlan, RepositoryConfig } from "../model/backups";
import type { Identity } from "../model/container";
import type { MoverPlan } from "../model/plan";
import { resticAmounts, resticContainer, resticVariables } from "../model/restic-pod";
import { containerSecurity, podDefaults, resources } from "./pod-defaults";
import { repositoryVariables } from "./repository-files";

const paths = { tools: "/tools", repository: "/repository", work: "/work" };

export interface RepositoryPodArgs {
  identity: Identity;
  account: string;
  /** The program's file, among those of a backup. */
  program: string;
  /** Variables beside restic's. */
  env: Record<string, string>;
  amounts: types.input.core.v1.ResourceRequirements;
  /** The Secret with the files by which restic opens the repository. */
  secret: string;
  repository: RepositoryConfig;
  backups: Pick<BackupsPlan, "image">;
  mover: MoverPlan;
  /** What this pod has beside the rest. */
  more?: Partial<types.input.core.v1.PodSpec>;
}

/** A pod that runs a program of ours with restic. restic comes from its own image, and Node from the mover's. */
export function repositoryPod(args: RepositoryPodArgs): types.input.core.v1.PodSpec {
  const { identity, account, program, amounts, secret, repository, backups, mover, more } = args;
  const env = { ...args.env, ...resticVariables(paths), ...repositoryVariables(repository) };
  return {
    ...podDefaults(identity),
    ...more,
    automountServiceAccountToken: true,
    serviceAccountName: account,
    restartPolicy: "Never",
    // Long enough to let a service go.
    terminationGracePeriodSeconds: 60,
    initContainers: [
      {
        ...resticContainer(backups.image, paths.tools),
        resources: resources(resticAmounts),
        securityContext: containerSecurity(true),
      },
    ],
    containers: [
      {
        name: "backup",
        image: mover.image,
        imagePullPolicy: "IfNotPresent",
        command: ["node", `/programs/${program}`],
        env: Object.entries(env).map(([name, value]) => ({ name, value })),
        resources: amounts,
        securityContext: containerSecurity(true),
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
          { name: "programs", mountPath: "/programs", readOnly: true },
          { name: "repository", mountPath: paths.repository, readOnly: true },
          { name: "tools", mountPath: paths.tools, readOnly: true },
          { name: "work", mountPath: paths.work },
        ],
      },
    ],
    volumes: [
      { name: "programs", configMap: { name: backupsName } },
      { name: "repository", secret: { secretName: secret, defaultMode: 0o440 } },
      { name: "tools", emptyDir: {} },
      { name: "work", emptyDir: {} },
    ],
  };
}
