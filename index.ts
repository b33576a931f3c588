import { guardArrival } from "./components/arrival";
import { createProvider } from "./components/provider";
import { createServices } from "./components/services";
import type { ImageGate, ReadyHook } from "./components/stateful-service";
import { Storage } from "./components/storage";
import { workloadArgs } from "./components/workload";
import { assertArrived } from "./preflight/arrival";
import { readingOnce } from "./kube/api";
import { locate, readCluster } from "./kube/cluster";
import { readRuns } from "./kube/runs";
import { backupsOnly } from "./config/backups-only";
import { lastUpdate } from "./config/previous";
import { accept, readConfig } from "./config/read";
import { known } from "./known";
import { namingDefaults } from "./model/inherited";
import { plannedPods } from "./planned-pods";
import { askNodesFirst } from "./prepared-nodes";
import type { Fault } from "./model/plan";
import { settle } from "./plan/cluster";
import { asksForDefinitions } from "./plan/left-out";
import { firstImages, newImages } from "./plan/new-images";
import { stackOutputs } from "./plan/outputs";
import { risksOf } from "./plan/risks";
import { planStack } from "./plan/stack";
import { checkBeforeUpdate, startReading } from "./preflight/before-update";
import { gateAdmission } from "./preflight/admission/gate";
import { gateImages } from "./preflight/images/gate";
import { tryImages } from "./preflight/images/try";
import { keepDirectories } from "./preflight/keep-directories";
import { keepPlaces } from "./preflight/keep-places";
import { takePoints } from "./preflight/points/take";
import { replaceStuckPods, watchRollout } from "./preflight/stuck/hook";
import { moveRights } from "./preflight/move-rights";
import type { WorkloadArgs } from "./preflight/workloads";
import { notesOf } from "./preflight/written-by";

/** The Pulumi program. `services`: the services that the config may name. Default: the catalogue. */
export = async (services = known.services) => {
  const nameable = { ...known, services };
  const config = readConfig(nameable);
  const draft = accept(planStack(config, nameable));
  const api = locate(draft.cluster);
  const now = readingOnce(api);
  const pods = plannedPods(draft, known.backends);
  const reading = startReading(now, draft, config, pods, known);
  const [cluster, runs, last] = await Promise.all([
    readCluster(draft.cluster, now, () => true, asksForDefinitions(draft)),
    readRuns(
      now,
      draft.namespaces.map(({ name }) => name),
    ),
    lastUpdate(),
  ]);
  const only = backupsOnly(last);
  const facts = { ...cluster, runs, ...last };
  const settled = settle(draft, facts);
  const plan = accept({ ...settled, faults: namingDefaults(settled.faults, config.inherited) });
  const refuse = (faults: Fault[]) => accept({ ...settled, faults, warnings: [] });
  const nodes = await askNodesFirst(plan, facts, last.nodeSteps, known.nodes);
  refuse(nodes.faults);
  await checkBeforeUpdate(plan, config, pods, reading, known, nodes.foresee);
  const args: WorkloadArgs = (...each) => workloadArgs(plan.owner, plan.mover, ...each);
  refuse(await keepDirectories(api, plan, args));
  refuse(await keepPlaces(api, plan, facts, args));
  refuse(await tryImages(api, plan.owner, newImages(plan, facts)));
  refuse(await takePoints(api, risksOf(plan, facts)));
  const notes = notesOf(api, plan, facts);
  await notes.seen();
  await replaceStuckPods(api, plan);
  const ready: ReadyHook = (service, workload) => {
    notes.ready(service, workload);
    watchRollout(api, service, workload);
  };

  const provider = createProvider(plan.cluster, nodes.create());
  const storage = new Storage("storage", { ...plan, types: known.backends }, { provider });
  const guard = guardArrival((moved) => assertArrived(api, moved));
  const first = firstImages(plan, facts);
  const admitted = gateAdmission(api, pods, ({ name }) => first.some(({ service }) => service === name));
  const pulled = gateImages(api, plan.owner, first);
  const image: ImageGate = (...args) => [...admitted(...args), ...pulled(...args)];
  createServices({ ...plan, storage, guard, rights: moveRights(api), image, ready, backupsOnly: only }, { provider });

  return stackOutputs(plan);
};
