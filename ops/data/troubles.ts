import type { ClaimFacts, VolumeFacts } from "../../model/facts";
import {
  dataTrouble,
  type DataTrouble,
  type DeclaredVolume,
  type FoundData,
  volumesLeftBy,
} from "../../plan/data-state";
import type { ServiceOutput } from "../pulumi/outputs";

/** What is wrong with a deployed claim's data. */
export interface Trouble {
  claim: string;
  /** `missing`: the claim, and no volume of it is known. `pending`: it has no volume yet. */
  kind: DataTrouble["kind"] | "missing" | "pending";
  /** A clause with its subject. */
  why: string;
  wayOut: string;
}

/** Objects of the cluster. `pending`: why claims wait for a volume, by `namespace/name`, as far as it is known. */
export interface DataFacts extends FoundData {
  pending: ReadonlyMap<string, string>;
}

type Deployed = Pick<ServiceOutput, "namespace" | "claims" | "known">;

/** What is wrong with the volumes in use of a deployed service, whatever its pod does. */
export const troublesOf = (service: string, { namespace, claims, known }: Deployed, facts: DataFacts): Trouble[] =>
  claims.flatMap((claim) => troubleOf(declared(service, namespace, claim), claim.ephemeral, { ...facts, known }));

/** What is wrong with the volumes that a service keeps from earlier moves. */
export const troublesOfKept = (service: string, { namespace, claims, known }: Deployed, facts: DataFacts): Trouble[] =>
  claims.flatMap(({ kept }) =>
    kept.flatMap((volume, keptIndex) =>
      troubleOf({ ...declared(service, namespace, volume), keptIndex }, volume.ephemeral, { ...facts, known }),
    ),
  );

/** Volumes that earlier claims of the same names have left beside those in use, each with its claim's name. */
export function leftBeside(
  { namespace, claims }: Deployed,
  facts: DataFacts,
): { claim: string; volume: VolumeFacts }[] {
  const there = claims
    .flatMap((claim) => [claim, ...claim.kept])
    .filter(({ name }) => facts.claims.some((claim) => claim.namespace === namespace && claim.name === name));
  return there.flatMap(({ name }) =>
    volumesLeftBy({ namespace, name }, facts).map((volume) => ({ claim: name, volume })),
  );
}

const declared = (
  service: string,
  namespace: string,
  {
    name,
    size,
    generation,
    class: className,
  }: Pick<Deployed["claims"][number], "name" | "size" | "generation" | "class">,
): DeclaredVolume => ({ name, namespace, size, service, generation, className: className ?? undefined });

function troubleOf(volume: DeclaredVolume, ephemeral: boolean, facts: DataFacts): Trouble[] {
  if (ephemeral) return [];
  const { name, namespace } = volume;
  const found = dataTrouble(volume, facts);
  if (found) return [{ claim: name, ...found }];
  const claim = facts.claims.find((each) => each.namespace === namespace && each.name === name);
  if (!claim) return [missing(namespace, name, facts)];
  return claim.phase === "Pending" ? [pending(claim, facts)] : [];
}

function missing(namespace: string, claim: string, { volumes }: DataFacts): Trouble {
  const waiting = volumes?.find((volume) => volume.claim === `${namespace}/${claim}`);
  if (waiting)
    return {
      claim,
      kind: "missing",
      why: `there is no claim ${claim} in namespace ${namespace}, and volume ${waiting.name} waits for it`,
      wayOut: "npm run adopt makes the claim again on it",
    };
  const known = volumes ? "no volume names it, so its data is gone from the cluster" : "volumes may not be listed";
  return {
    claim,
    kind: "missing",
    why: `there is no claim ${claim} in namespace ${namespace}, and ${known}`,
    wayOut:
      "restore the claim and its data from a backup; to begin empty instead, pulumi refresh makes the stack forget " +
      "the claim, and pulumi up makes it anew",
  };
}

function pending({ namespace, name }: ClaimFacts, { pending }: DataFacts): Trouble {
  const why = pending.get(`${namespace}/${name}`);
  return {
    claim: name,
    kind: "pending",
    why: `claim ${name} in namespace ${namespace} is Pending${why ? `: ${why}` : ""}`,
    wayOut:
      why === undefined ? `kubectl -n ${namespace} describe pvc ${name} may say why` : "npm run preflight says more",
  };
}
