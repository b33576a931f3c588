import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { V1Deployment, V1Job, V1StatefulSet } from "@kubernetes/client-node";
import { movingAnnotation } from "../../../model/metadata";
import { ifFound } from "../../../kube/client";
import { waitForReadyPod } from "../../../kube/pods";
import { stackError } from "../cli";
import { killHard } from "../kill";
import { pendingOperations } from "../objects";
import { stateText, until } from "../state";
import type { Case } from "./draw";
import type { Ground } from "./ground";
import { inPod, moved, type Volume } from "./lines";
import { begun, moverProcesses, type Watched } from "./moment";
import { assertAsItWas, assertWhole, type Left } from "./left";
import type { Subject } from "./subjects";
import { digestOf, movedTo, type VolumeDigest } from "./volume";
import { longestGap, type Writer } from "./writer";

/** Volumes that nothing may change any more, by `namespace/claim`. */
export type Kept = Map<string, Left>;

export interface Ended {
  /** For a person: what was killed when, and how it went on. */
  line: string;
  acknowledged: number;
  lost: number[];
}

/**
 * One move with a kill in it, recovery and another update. Throws where the service doesn't come back, doesn't arrive,
 * or its old volume isn't as the copy was checked against.
 */
export async function runCase(
  ground: Ground,
  drawn: Case,
  subject: Subject,
  writer: Writer,
  kept: Kept,
): Promise<Ended> {
  const { kube } = ground.cluster;
  const { namespace } = subject.ref;
  const before = ground.lines.get(subject.name)!;
  const after = moved(before, drawn.direction);
  const [source, target] = [claimOf(subject, before.current), claimOf(subject, after.current)];
  const earlier = kept.get(`${namespace}/${target}`);
  if (earlier)
    assert.equal(
      (await digestOf(kube, namespace, target)).everything,
      earlier.everything,
      `${target} is not as it was left`,
    );
  kept.delete(`${namespace}/${target}`);
  ground.lines.set(subject.name, after);
  await ground.write();

  const started = Date.now();
  const watched: Watched = {
    kube,
    subject,
    job: `${subject.volume}-${before.current.generation}-to-${after.current.generation}`,
    target,
  };
  const killed = await killDuring(ground, drawn, watched, before.current.backend === inPod ? earlier : undefined);
  await helpItself(drawn, watched);
  const said = drawn.victim === "the mover's processes" ? [] : await ground.recover();
  const copied = drawn.direction !== "back as it was";
  const back = await writer.acknowledgedAfter(Date.now());
  await assertUp(watched, [source, target]);
  await ground.succeed(`after a kill of ${killed}; recover said: ${said.join("; ")}`);
  await assertUp(watched, [target]);
  await writer.acknowledgedAfter(Date.now());

  assert.deepEqual(pendingOperations(await stateText(ground.cluster)), []);
  if (before.current.backend !== inPod)
    kept.set(`${namespace}/${source}`, {
      begun: started,
      done: Date.now(),
      ...(await checkedSource(watched, source, copied && after.current.backend !== inPod)),
    });
  if (!copied) await assertAsItWas(watched, writer, earlier!, started);
  const acknowledged = await writer.acknowledged();
  const lost = await writer.lost();
  const away = (longestGap(acknowledged, started) / 1000).toFixed(1);
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  const line =
    `${subject.name} ${drawn.direction}: killed ${killed}; back in ${(back / 1000).toFixed(1)} s, there ` +
    `after ${seconds} s, away for ${away} s at most, ${acknowledged.size} acknowledged, ${lost.length} lost`;
  return { line, acknowledged: acknowledged.size, lost };
}

const claimOf = (subject: Subject, { backend, generation }: Volume) =>
  backend === inPod ? inPod : subject.claim(generation);

/**
 * The volume that the service left, which has to be what was copied and checked, as the new volume's claim has it
 * noted.
 */
async function checkedSource(
  { kube, subject, target }: Watched,
  source: string,
  noted: boolean,
): Promise<VolumeDigest> {
  const { namespace } = subject.ref;
  const old = await digestOf(kube, namespace, source);
  if (noted)
    assert.equal(
      (await movedTo(kube, namespace, target))?.sha256,
      old.content,
      `${source} is not what was copied and checked`,
    );
  return old;
}

/** Starts the update and kills at the moment that was drawn. Returns what was killed, for a person. */
async function killDuring(
  ground: Ground,
  { step, delay: wait, victim }: Case,
  watched: Watched,
  superseded?: VolumeDigest,
): Promise<string> {
  const update = ground.up();
  let over = false;
  const ended = update.then(() => (over = true));
  const inTime = await begun(step, watched, () => over);
  await Promise.race([ended, delay(wait)]);
  const when = `${victim} ${wait} ms into the step "${step}"${inTime && !over ? "" : " (it had ended)"}`;
  if (victim !== "the mover's processes") {
    killHard(update.pid!, victim === "the CLI with its plugins");
    await ended;
    return when;
  }
  const victims = await moverProcesses(watched.kube, watched.subject.ref.namespace);
  victims.forEach((pid) => killHard(pid, false));
  if (superseded && victims.length > 0) await assertWhole(watched, superseded);
  const { exitCode, all } = await update;
  // The job is tried again by itself; a second fault in a row may still end it, and then the next update goes on.
  if (exitCode !== 0) assert.ok(stackError(all).includes(watched.job), stackError(all));
  return `${when}, ${victims.length} of them`;
}

/** Where nobody recovers at once, the cluster goes on alone: to the end, or back. */
async function helpItself({ atOnce, victim }: Case, { kube, subject, job }: Watched): Promise<void> {
  if (atOnce || victim === "the mover's processes") return;
  const name = { apiVersion: "batch/v1", kind: "Job", metadata: { name: job, namespace: subject.ref.namespace } };
  await until(
    `the job ${job} ends by itself`,
    async () => {
      const found = await ifFound<V1Job>(kube.objects.read(name));
      return (
        !found ||
        found.status?.conditions?.some(
          ({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"),
        )
      );
    },
    300,
  );
}

/** The service has a Ready pod on one of these claims, without a mark of a move. */
async function assertUp({ kube, subject }: Watched, claims: string[]): Promise<void> {
  const { ref } = subject;
  const pod = await waitForReadyPod(kube, ref, 180_000);
  const used =
    pod.spec?.volumes?.flatMap(
      ({ name, persistentVolumeClaim, emptyDir }) =>
        persistentVolumeClaim?.claimName ?? (emptyDir && name === subject.volume ? inPod : []),
    ) ?? [];
  assert.ok(
    used.some((claim) => claims.includes(claim)),
    `${subject.name} is on ${used.join(", ")}, not on ${claims.join(" or ")}`,
  );
  const workload = await kube.objects.read<V1Deployment | V1StatefulSet>({
    apiVersion: "apps/v1",
    kind: ref.kind,
    metadata: { name: ref.workload, namespace: ref.namespace },
  });
  assert.equal(
    workload.metadata?.annotations?.[movingAnnotation],
    undefined,
    `${subject.name} still bears the mark of a move`,
  );
  assert.equal(workload.spec?.replicas, 1);
}

/** Names of volumes that are not as they were. */
export async function changedVolumes(ground: Ground, kept: Kept): Promise<string[]> {
  const changed: string[] = [];
  for (const [name, before] of kept) {
    const [namespace = "", claim = ""] = name.split("/");
    const now = await digestOf(ground.cluster.kube, namespace, claim);
    if (now.everything !== before.everything) changed.push(name);
  }
  return changed;
}
