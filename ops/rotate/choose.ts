import { credentialName } from "../../model/credential-name";
import { didYouMean } from "../../model/nearest";
import type { ServicePlan, StoragePlan } from "../../model/plan";
import type { SecretTrial, ServiceSpec } from "../../model/service-spec";
import { UserError } from "../../model/user-error";

/** A password that is given anew, and how its values are tried. */
export interface Changing {
  service: string;
  key: string;
  /** Its values have these names in the state: the first one, and the n-th one. */
  valueName: (generation: number) => string;
  /** How many values the stack file asks for. */
  generation: number;
  /** Where a value is tried; absent where nothing can be asked. */
  trial?: { server: ServicePlan; how: SecretTrial };
}

/** What a rotation of one service is about. */
export interface Choice {
  /** The services whose number goes up: the one that was named, and those whose databases are in it. */
  services: ServicePlan[];
  changing: Changing[];
  /** What stays as it is, each with the reason. */
  stays: string[];
}

type Catalogue = ReadonlyMap<string, ServiceSpec>;

/**
 * What `npm run rotate -- NAME` gives anew. Throws a UserError where there is no such service, where nothing of it can
 * be given anew, and where that would cost data.
 */
export function chooseRotation(name: string, plan: Pick<StoragePlan, "services" | "owner">, specs: Catalogue): Choice {
  const service = serviceOf(name, plan);
  const named = changeable(service, specs);
  const stays = fixed(service, specs);
  if (named.length === 0)
    throw new UserError(
      `${name} has no password that can be given anew${stays.length > 0 ? `: ${stays.join("; ")}` : ""}. Nothing ` +
        "was changed.",
    );
  const dependents = plan.services.filter(({ run, database }) => run && database?.service === name);
  const services = [service, ...dependents];
  services.forEach((each) => assertCanRestart(each, name));
  return {
    services,
    changing: services.flatMap((each) => changeable(each, specs).map((key) => changingOf(each, key, plan, specs))),
    stays: services.flatMap((each) => fixed(each, specs)),
  };
}

function serviceOf(name: string, { services, owner }: Pick<StoragePlan, "services" | "owner">): ServicePlan {
  const names = services.map((known) => known.name);
  const found = services.find((known) => known.name === name);
  if (found) return found;
  const meant = didYouMean(name, names) || `; it has: ${[...names].sort().join(", ")}`;
  throw new UserError(`no service "${name}" in stack "${owner.stack}"${meant}`);
}

const secretsOf = ({ name }: ServicePlan, specs: Catalogue) => specs.get(name)?.secrets ?? [];

const changeable = (service: ServicePlan, specs: Catalogue) =>
  secretsOf(service, specs).flatMap(({ key, value, unchangeable }) =>
    value === undefined && unchangeable === undefined ? [key] : [],
  );

const fixed = (service: ServicePlan, specs: Catalogue) =>
  secretsOf(service, specs).flatMap(({ key, unchangeable }) =>
    unchangeable === undefined ? [] : [`the ${key} of ${service.name} stays: ${unchangeable}`],
  );

function assertCanRestart({ name, run, claims }: ServicePlan, asked: string): void {
  if (!run)
    throw new UserError(
      `${name} doesn't run (run: false), so nobody can see whether it takes new passwords: start it first, and then ` +
        `run npm run rotate -- ${asked}. Nothing was changed.`,
    );
  const own = claims.find(({ ephemeral }) => ephemeral);
  if (own)
    throw new UserError(
      `${name} has to start again to take new passwords, and its data (${own.volume}) is in its pod's own directory, ` +
        `which goes with the pod: move it to a claim first (npm run move -- ${name} --to BACKEND). Nothing was ` +
        "changed.",
    );
}

function changingOf(
  service: ServicePlan,
  key: string,
  { services }: Pick<StoragePlan, "services">,
  specs: Catalogue,
): Changing {
  const { name, rotation, database } = service;
  const spec = specs.get(name);
  const inDatabase = database !== undefined && database.secretKey === key;
  const server = inDatabase ? services.find((other) => other.name === database.service) : service;
  const how = inDatabase
    ? specs.get(database.service)?.databases?.trial(database.role, database.name)
    : spec?.secrets?.find((secret) => secret.key === key)?.trial;
  return {
    service: name,
    key,
    valueName: (generation) => credentialName(name, key, generation),
    generation: rotation,
    // No request is sent to an encrypted port.
    ...(server && how && !server.standIn && !(server.tls && "http" in how.step) && { trial: { server, how } }),
  };
}
