import { pathText } from "../model/config-path";
import { readWritten, writtenBy, type EnginePlan, type Written } from "../model/engine-version";
import type { ClaimFacts, ClusterFacts, RunFacts } from "../model/facts";
import { writtenByAnnotation } from "../model/metadata";
import type { Fault, ServicePlan, StoragePlan } from "../model/plan";
import type { ClaimPlan } from "../model/storage";
import { notArrived } from "./arrival";
import { finder } from "./guard-nodes";
import { judgeChange, type Verdict } from "../model/version-change";

/**
 * Changes of an engine's version that it doesn't take with the files that the volumes hold. None while a stack adopts,
 * which compares the workloads by itself.
 */
export function guardVersions(plan: StoragePlan, facts: ClusterFacts): { faults: Fault[]; warnings: string[] } {
  const judged = (plan.adopting ? [] : plan.services)
    .filter(({ run }) => run)
    .flatMap((service) => judgeService(service, facts).map((verdict) => ({ service: service.name, verdict })));
  return {
    faults: judged.flatMap(({ service, verdict: { refused } }) =>
      refused === undefined ? [] : [{ path: pathText(["services", service, "image"]), message: refused }],
    ),
    warnings: judged.flatMap(({ verdict: { warning } }) => warning ?? []),
  };
}

function judgeService(service: ServicePlan, facts: ClusterFacts): Verdict[] {
  const { engine, name, namespace, kind, claims } = service;
  if (!engine) return [];
  return claims.flatMap((claim) => {
    const holder = holderOf(claim, facts.claims);
    if (!holder) return [];
    const place = {
      service: name,
      namespace,
      workload: `${kind.toLowerCase()}/${name}`,
      claim: holder.name,
      accepted: engine.acceptLibc,
    };
    const verdicts = lastWriters(engine, service, holder, facts.runs ?? []).map((from) =>
      judgeChange(engine.rules, from, engine.planned, place),
    );
    const worst = verdicts.find(({ refused }) => refused) ?? verdicts.find(({ warning }) => warning);
    return worst ? [worst] : [];
  });
}

/**
 * The change of a running service's version, as words; empty where there is none. Of a service without an engine's
 * rules it is the change of its image, wherever that is got.
 */
export function versionChange(
  service: ServicePlan,
  { claims, runs = [] }: Pick<ClusterFacts, "claims" | "runs">,
): string[] {
  const { engine, name, namespace, kind, container, run } = service;
  if (!run) return [];
  if (!engine) {
    const workload = runs.find((each) => each.kind === kind && each.name === name && each.namespace === namespace);
    return workload && plain(workload.image) !== plain(container.image)
      ? [`its change from ${plain(workload.image)} to ${plain(container.image)}`]
      : [];
  }
  const writers = service.claims.flatMap((claim) => {
    const holder = holderOf(claim, claims);
    return holder ? lastWriters(engine, service, holder, runs) : [];
  });
  const another = writers.find(
    (from) => from.engine === engine.planned.engine && shown(from) !== shown(engine.planned),
  );
  return another === undefined ? [] : [`its change from ${shown(another)} to ${shown(engine.planned)}`];
}

/** An image's name and tag, without the registry that it is got from. */
const plain = (image: string) => image.split("/").at(-1)!;

const shown = ({ engine, version, image }: Written) => (version === undefined ? plain(image) : `${engine} ${version}`);

/** The claim with the files that the planned engine goes on with; undefined where it begins with an empty volume. */
function holderOf(claim: ClaimPlan, claims: readonly ClaimFacts[]): ClaimFacts | undefined {
  const found = finder(claims);
  const [target, source] = [found(claim), claim.move && found(claim.move.from)];
  const waits = claim.move && notArrived(claim, claim.move, target?.annotations, source?.annotations) !== undefined;
  return waits ? source : target;
}

type Placed = Pick<ServicePlan, "name" | "namespace">;

const usersOf = ({ name, namespace }: Placed, claim: ClaimFacts, runs: readonly RunFacts[]) =>
  runs.filter((run) => run.service === name && run.namespace === namespace && run.claims.includes(claim.name));

const markOf = ({ annotations }: ClaimFacts) => readWritten(annotations[writtenByAnnotation]);

/** The engines of a service's pods that have the claim and whose program was started. */
function ranOn(engine: EnginePlan, service: Placed, claim: ClaimFacts, runs: readonly RunFacts[]): Written[] {
  return usersOf(service, claim, runs)
    .filter(({ ran }) => ran)
    .map(({ image }) => known(image, markOf(claim), engine));
}

/**
 * Who has written to a claim last, as the cluster shows it: pods whose program has run, and the claim's mark. Without
 * either, it is what the workload would run.
 */
function lastWriters(engine: EnginePlan, service: Placed, claim: ClaimFacts, runs: readonly RunFacts[]): Written[] {
  const mark = markOf(claim);
  const writers = [...ranOn(engine, service, claim, runs), ...(mark ? [mark] : [])];
  if (writers.length > 0) return writers;
  return usersOf(service, claim, runs)
    .filter(({ kind }) => kind !== "Pod")
    .map(({ image }) => known(image, mark, engine));
}

/** What is known of an image already, such as its version by the config, counts more than its name. */
const known = (image: string, mark: Written | undefined, { planned, rules }: EnginePlan): Written =>
  [mark, planned].find((one) => one?.image === image) ?? writtenBy(rules, image);

/** Claims on which an engine has run that their marks don't name. */
export function unmarked(
  { services }: Pick<StoragePlan, "services">,
  { claims, runs = [] }: Pick<ClusterFacts, "claims" | "runs">,
): { namespace: string; claim: string; written: Written }[] {
  const found = finder(claims);
  return services.flatMap((service) => {
    const { engine, namespace } = service;
    if (!engine) return [];
    return service.claims.flatMap((claim) => {
      const there = found(claim);
      const mark = there?.annotations[writtenByAnnotation];
      const written = there && ranOn(engine, service, there, runs)[0];
      return written && JSON.stringify(written) !== mark ? [{ namespace, claim: there.name, written }] : [];
    });
  });
}
