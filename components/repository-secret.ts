import * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumi/kubernetes";
import type { BackupsPlan } from "../model/backups";
import { repositoryFiles } from "./repository-files";
import { createSecret } from "./secret";

/** The Secret with the files by which restic opens a repository. `name`: in the state. */
export const repositorySecret = (
  name: string,
  metadata: types.input.meta.v1.ObjectMeta,
  opened: Pick<BackupsPlan, "repository" | "server">,
  parent: pulumi.Resource,
  dependsOn: pulumi.Resource[] = [],
) => createSecret(name, { metadata, stringData: secretFiles(opened) }, { parent, dependsOn });

const secretFiles = (opened: Pick<BackupsPlan, "repository" | "server">) =>
  Object.fromEntries(Object.entries(repositoryFiles(opened)).map(([name, text]) => [name, pulumi.secret(text)]));
