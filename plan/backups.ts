import { createHash } from "node:crypto";
import type { BackupPlan, BackupsConfig, BackupsPlan, RepositoryConfig } from "../model/backups";
import type { StackConfig } from "../model/config";
import { pathText } from "../model/config-path";
import { ownerName } from "../model/metadata";
import type { Fault, Owner, ServicePlan } from "../model/plan";
import { servedClaim, servedHost, servedPort } from "../model/served-repository";
import { sftpAddress } from "../model/sftp";
import type { ClaimPlan } from "../model/storage";
import { checkKeep, keepOf, planCare } from "./care";
import type { KnownClass } from "./classes";
import { planMetrics } from "./metrics";
import type { Placed } from "./network";
import { checkServed, planServed } from "./served-repository";

/** What all backups share; undefined where the stack has none. */
export function planBackups(
  config: BackupsConfig | undefined,
  services: readonly ServicePlan[],
  owner: Owner,
  ground: { classes: KnownClass[]; protect: boolean },
): BackupsPlan | undefined {
  if (!config) return undefined;
  const { namespace, image, repository } = config;
  const served = planServed(config, ground);
  const at = (of: RepositoryConfig) => placeOf({ namespace, repository: of });
  const care = planCare(config, services, owner, at);
  const metrics = planMetrics(config, services);
  return {
    namespace,
    image,
    repository,
    ...at(repository),
    care,
    ...(metrics && { metrics }),
    ...(served && { served }),
  };
}

/** Where the repository is, for people, and on which server. */
function placeOf({
  namespace,
  repository,
}: Pick<BackupsConfig, "namespace" | "repository">): Pick<BackupsPlan, "address" | "server"> {
  const { rest, s3, sftp, nfs, claim } = repository;
  const server = { host: servedHost(namespace), port: servedPort };
  if (nfs) return { address: `nfs://${nfs.server}${nfs.path}`, server };
  if (claim) return { address: `claim ${namespace}/${servedClaim}`, server };
  if (sftp) {
    const { host, port, user, path } = sftp;
    const address = `sftp://${user}@${sftpAddress(sftp)}${path.startsWith("/") ? "" : "/~/"}${path}`;
    return { address, server: { host, port } };
  }
  if (rest) return { address: rest.url, server: serverOf(rest.url) };
  const { endpoint = "", bucket = "", prefix } = s3 ?? {};
  const path = [bucket, ...(prefix === undefined ? [] : [prefix])].join("/");
  return { address: `${endpoint.replace(/\/$/, "")}/${path}`, server: serverOf(endpoint) };
}

function serverOf(url: string): BackupsPlan["server"] {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: Number(port || (protocol === "https:" ? 443 : 80)) };
}

/** How a service is backed up; undefined where it isn't. A service without a workload has no pod to take data from. */
export function planBackup(
  { spec, config, namespace }: Placed,
  claims: readonly ClaimPlan[],
  backups: BackupsConfig | undefined,
  owner: Owner,
): BackupPlan | undefined {
  const { exportRecipe, name } = spec;
  if (!backups || !exportRecipe || !config.run || config.backup === "none" || claims.length === 0) return undefined;
  const keep = keepOf(config, backups);
  return {
    schedule: config.backup?.schedule ?? backups.schedule,
    ...(keep && { keep }),
    task: {
      service: name,
      namespace,
      workload: { kind: spec.kind, name },
      owner: ownerName(owner),
      volumes: claims.map((claim) => ({
        volume: claim.volume,
        generation: claim.generation,
        ...(!claim.ephemeral && { claim: claim.name }),
        mounts: claim.mounts,
        exportRecipe: exportRecipe(claim.mounts),
      })),
      ...((spec.secrets ?? []).length > 0 && { keys: name }),
      home: backups.namespace,
      repository: placeOf(backups).address,
      delay: delayOf(name),
    },
  };
}

/** Seconds, up to five minutes: the same for a service at each run, and another one for most services. */
const delayOf = (service: string) => createHash("sha256").update(service).digest().readUInt16BE(0) % 300;

/** What is wrong with the services' entries, beside the repository. */
export function checkBackups(
  { backups, backupsNamed, services }: Pick<StackConfig, "backups" | "backupsNamed" | "services">,
  planned: readonly Pick<ServicePlan, "name" | "namespace">[],
  classes: KnownClass[],
): Fault[] {
  const faults = [...services].flatMap(([name, { backup, because }]): Fault[] => {
    const at = (key: string) => pathText(["services", name, key]);
    if (backup === "none" && because === undefined)
      return [{ path: at("because"), message: `is missing; say why ${name} needs no backup, or leave backup out` }];
    if (backup !== "none" && because !== undefined)
      return [{ path: at("because"), message: "says why there is no backup; write backup: none too, or leave it out" }];
    if (backup === undefined || backup === "none" || backupsNamed) return [];
    const message = "needs a repository; say in cluster-storage:backups where it is (docs/backups.md)";
    return [{ path: at("backup"), message }];
  });
  const taken = planned.filter(({ namespace }) => namespace === backups?.namespace).map(({ name }) => name);
  return [
    ...faults,
    ...checkKeep({ ...(backups && { backups }), services }),
    ...checkServed(backups, classes),
    ...taken.slice(0, 1).map((name) => ({
      path: "backups.namespace",
      message: `is the namespace of ${name}, where people may read the Secrets; name one that nothing else uses`,
    })),
  ];
}
