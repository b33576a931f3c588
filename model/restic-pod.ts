/** What each pod that runs restic has, whoever makes it: a backup's CronJob, or the mover for a restore. */

/** Of the container that brings restic. */
export const resticAmounts = { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } };

/** The container that copies restic out of its own image into the volume `tools`, which is mounted at that path. */
export const resticContainer = (image: string, tools: string) => ({
  name: "restic",
  image,
  imagePullPolicy: "IfNotPresent",
  command: ["cp", "/usr/bin/restic", `${tools}/restic`],
  volumeMounts: [{ name: "tools", mountPath: tools }],
});

/** Variables: where restic is, where it may write, and which files of the Secret say where its repository is. */
export const resticVariables = (paths: {
  tools: string;
  repository: string;
  work: string;
}): Record<string, string> => ({
  RESTIC: `${paths.tools}/restic`,
  RESTIC_PROGRESS_FPS: "1",
  HOME: paths.work,
  RESTIC_REPOSITORY_FILE: `${paths.repository}/repository`,
  RESTIC_PASSWORD_FILE: `${paths.repository}/password`,
  // restic doesn't hand its own variables on to the program that reaches a server for it.
  BACKUP_REPOSITORY: paths.repository,
  AWS_SHARED_CREDENTIALS_FILE: `${paths.repository}/s3-credentials`,
});
