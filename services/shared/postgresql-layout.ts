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
  const image = `say services.${service}.image: ${has.image}, or one of the same major version`;
  if (major !== liveMajor)
    faults.push({
      why: `it is PostgreSQL ${liveMajor ?? has.tag}, and ${major ?? want.tag} can't open its files`,
      wayOut: image,
    });
  else if (/alpine/.test(want.tag) !== /alpine/.test(has.tag)) {
    faults.push({
      why: `its image ${has.image} has another user and sorts text another way than ${want.image}`,
      wayOut: `say services.${service}.image: ${has.image}`,
    });
  }
  // The volume's root, or the directory in it that the catalogue uses: its start looks in both.
  if (![defaultData, want.data].includes(has.data)) {
    faults.push({
      why: `its database is in ${has.data}, and the service looks in ${defaultData} and ${want.data}`,
      wayOut: `stop it, move the directory there, and set PGDATA to ${want.data}`,
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
