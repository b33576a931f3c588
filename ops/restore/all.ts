import { assertReachable } from "../../kube/client";
import type { Progress } from "../../local-cluster/progress";
import type { ListedPoint } from "../../model/backup";
import { formatBytes } from "../../model/quantity";
import { shortPoint } from "../../model/restore";
import { UserError } from "../../model/user-error";
import { readStack } from "../move/batch";
import { apply, applyCommand, findDeployment, type DeploymentOptions } from "../move/deployment";
import { ensureStack } from "../pulumi/stack";
import { localConfig } from "../pulumi/local-config";
import { devStack } from "../pulumi/project";
import { planOf } from "../pulumi/stack-plan";
import { formatAge, formatTime } from "../terminal/age";
import { agreed } from "../terminal/ask";
import { renderTable } from "../terminal/table";
import { findFillings, giveKeys } from "./prepare-fill";
import { newerThan } from "./choose";
import { newerNote } from "./describe";
import { findAbsent, type Absent, type Filling } from "./to-fill";

const say = (line: string) => void process.stdout.write(`${line}\n`);

/**
 * Brings back every service of a stack whose volumes the cluster doesn't have, from the newest points, in the order in
 * which they start: first the passwords and keys, then, by an update, the volumes. Throws a UserError where one of them
 * has no point; then no service was started.
 */
export async function restoreAll(options: DeploymentOptions & { yes?: boolean }, progress: Progress): Promise<void> {
  const { text, owner } = await readStack(options.stack ?? devStack);
  const deployment = await findDeployment(options, progress);
  const { target, overrides } = deployment;
  const kube = target.connect();
  await assertReachable(kube);
  const { plan } = planOf(overrides ? await localConfig(target.stack, text, overrides) : text, owner);
  if (!plan.backups)
    throw new UserError("this stack has no backups: say in cluster-storage:backups where they are (docs/backups.md)");
  if (overrides) await ensureStack(target.stack);
  const absent = await findAbsent(kube, plan);
  const { fillings, points, job } = await findFillings(target.stack, kube, plan, absent, progress);
  if (!job || fillings.length === 0) return say(nothingToFill(absent));
  say(fillingTable(fillings, new Date()));
  for (const line of [...passedOver(fillings, points), ...notBrought(absent)]) say(line);
  await agreed("Bring all of them back, and start them?", { yes: options.yes, untouched: "no service was started" });
  await giveKeys(target.stack, kube, { fillings, job }, progress);
  await apply(deployment, progress);
  const names = fillings.map(({ service }) => service.name).join(", ");
  say(`brought back and started: ${names}. ${applyCommand(deployment, options.context)} changes nothing more`);
}

/** Pure; exported for its test. Where nothing is filled, volumes may be missing all the same. */
export function nothingToFill(absent: Pick<Absent, "fresh" | "others">): string {
  const missing = notBrought(absent);
  return missing.length === 0
    ? "every service has its volumes, so there is nothing to bring back; nothing was changed"
    : ["there is nothing to bring back; nothing was changed", ...missing].join("\n");
}

/** What the table doesn't show, and the update that follows makes all the same. */
function notBrought({ fresh, others }: Pick<Absent, "fresh" | "others">): string[] {
  const names = (services: Absent["fresh"]) => services.map(({ name }) => name).join(", ");
  return [
    ...(fresh.length > 0 ? [`begins empty, by fresh: true and without a point: ${names(fresh)}`] : []),
    ...(others.length > 0
      ? [
          `not from a point: ${names(others)}; a volume is missing there that has no backup, or that a volume made ` +
            "by hand waits for, or beside others that are there",
        ]
      : []),
  ];
}

/** Of each service the points that are newer than the one that it gets. Pure; exported for its test. */
export function passedOver(fillings: readonly Filling[], points: readonly ListedPoint[]): string[] {
  return fillings.flatMap(({ service, point }) => {
    const newer = newerThan(points, point);
    return newer.length > 0 ? [`${service.name}: ${newerNote(newer)}`] : [];
  });
}

/** What is brought back, in the order in which the services start. */
function fillingTable(fillings: readonly Filling[], now: Date): string {
  const rows = fillings.map(({ service, point }) => {
    const at = new Date(point.at);
    const volumes = service.claims.filter(({ ephemeral }) => !ephemeral).map(({ name }) => name);
    return [
      service.name,
      volumes.join(", "),
      shortPoint(point.id),
      `${formatTime(at)} (${formatAge(at, now)} ago)`,
      `${formatBytes(point.bytes)}${point.shrunk ? ", less than half" : ""}`,
    ];
  });
  return renderTable(["SERVICE", "VOLUMES", "POINT", "TIME", "SIZE"], rows);
}
