import { coerce } from "semver";
import type { LiveContainer, Refusal } from "../../model/service-spec";

/** Where the official image keeps its database unless PGDATA says otherwise. */
const defaultData = "/var/lib/postgresql/data";

/** Why the PostgreSQL that is planned could not open, or would not find, the database that a live one has. */
export function refuseDatabase(
  service: string,
  planned: readonly LiveContainer[],
  live: readonly LiveContainer[],
): Refusal[] {
  const [want, has] = [serverIn(planned), serverIn(live)];
  if (!want || !has) return [];
  const faults: Refusal[] = [];
  const [major, liveMajor] = [want, has].map(({ tag }) => coerce(tag)?.major);
  const image = `set services.${service}.image to ${has.image}, or to an image of the same major version`;
  if (major !== liveMajor)
    faults.push({
      why: `it is PostgreSQL ${liveMajor ?? has.tag}, and PostgreSQL ${major ?? want.tag} can't open its files`,
      wayOut: image,
    });
  else if (/alpine/.test(want.tag) !== /alpine/.test(has.tag)) {
    faults.push({
      why: `its image ${has.image} runs as another user than ${want.image} and sorts text in another order`,
      wayOut: `set services.${service}.image to ${has.image}`,
    });
  }
  // The service's start looks in the volume's root and in the directory of PGDATA.
  if (![defaultData, want.data].includes(has.data)) {
    faults.push({
      why: `its database is in ${has.data}, and the service looks only in ${defaultData} and ${want.data}`,
      wayOut: `stop the running PostgreSQL, move the directory to ${want.data}, and set PGDATA to that path`,
    });
  }
  return faults;
}

/** The container that runs PostgreSQL, by the image's name. */
function serverIn(containers: readonly LiveContainer[]) {
  for (const { image = "", env = [] } of containers) {
    const [, tag] = /(?:^|\/)postgres:([^@]+)/.exec(image) ?? [];
    if (tag !== undefined) return { image, tag, data: env.find(({ name }) => name === "PGDATA")?.value ?? defaultData };
  }
  return undefined;
}
