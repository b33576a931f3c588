import type { ServicePlan } from "../model/plan";
import type { ClaimPlan } from "../model/storage";

/** The name that a volume has in its first generation. */
export const plainName = ({ volume, template, generation }: ClaimPlan): string =>
  template === undefined || generation === 1 ? volume : volume.replace(/-\d+$/, "");

/**
 * Gives the jobs of moves names of their own where services of one namespace have volumes of the same name, as
 * `postgres` and `taskflow-db` have. One whose claim comes from no template keeps the plain name. It goes by the
 * volumes and not by the moves, so that no move that begins gives another one a new name.
 */
export function withOwnJobs(services: readonly ServicePlan[]): ServicePlan[] {
  const places = services.flatMap(({ name, namespace, claims }) =>
    claims.map((claim) => ({
      name,
      place: `${namespace}/${plainName(claim)}`,
      template: claim.template !== undefined,
    })),
  );
  const isOwn = ({ name, namespace }: ServicePlan, claim: ClaimPlan) => {
    const sharing = places.filter(({ place }) => place === `${namespace}/${plainName(claim)}`);
    return sharing.length > 1 && sharing.find(({ template }) => !template)?.name !== name;
  };
  return services.map((service) => ({
    ...service,
    claims: service.claims.map((claim) => (isOwn(service, claim) ? withOwnJob(service.name, claim) : claim)),
  }));
}

function withOwnJob(service: string, claim: ClaimPlan): ClaimPlan {
  const { move } = claim;
  if (!move) return claim;
  const plain = plainName(claim);
  return { ...claim, move: { ...move, job: `${plain}-${service}${move.job.slice(plain.length)}` } };
}
