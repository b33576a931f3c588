import { coerce } from "semver";
import type { DataLayout, DataUse, LiveContainer, Refusal } from "../../model/service-spec";
import { imageParts, onTheSameClaim, valueOf } from "./live-containers";

/** The user of upstream's images, by variant. */
const alpineUser = 70;
const debianUser = 999;

/**
 * Why the PostgreSQL that is planned could not open, or would not find, the database that a live one has.
 * `administrator`: the role by which the service is used.
 */
export const refuseDatabase =
  (administrator: string) =>
  (use: DataUse): Refusal[] => {
    const want = use.planned.find(({ mounts = [] }) => mounts.length > 0);
    const has = serverIn(use);
    if (!want || !has) return [];
    const image = refuseImage(use, want, has);
    return [
      ...image,
      ...(isOfficial(has) ? [...refusePlace(use, want, has), ...refuseRole(use, has, administrator)] : []),
      ...refuseOwners(use),
    ];
  };

const isOfficial = ({ image = "" }: LiveContainer) => imageParts(image).base === "postgres";

/** The live container that runs PostgreSQL on the claim: not the sidecar that has the claim too. */
function serverIn({ planned, live }: DataUse): LiveContainer | undefined {
  const users = onTheSameClaim(planned, live);
  return users.find(isOfficial) ?? users[0];
}

function refuseImage({ service, namespace, workload }: DataUse, want: LiveContainer, has: LiveContainer): Refusal[] {
  const [wanted, image] = [want.image ?? "", has.image ?? ""];
  if (wanted === image) return refuseUser(service, want, has);
  const write = `set services.${service}.image to ${image}`;
  if (!isOfficial(has))
    return [
      {
        why:
          `its image ${image} is not the official one, so which PostgreSQL and which extensions wrote its data ` +
          `can't be told`,
        wayOut:
          `${write} if it starts as the official image does; if not, dump the data and load it into a new claim: ` +
          `kubectl -n ${namespace} exec ${workload} -- pg_dumpall -U ROLE > ${service}.sql`,
      },
    ];
  const [{ tag: planTag }, { tag, digest }] = [imageParts(wanted), imageParts(image)];
  const [major, liveMajor] = [coerce(planTag)?.major, coerce(tag)?.major];
  if (liveMajor === undefined)
    return [
      {
        why: `its image ${image} doesn't say which PostgreSQL it is`,
        wayOut: digest
          ? write
          : `ask it (kubectl -n ${namespace} exec ${workload} -- postgres --version), and give the workload the ` +
            `image ` +
            "with that version as its tag",
      },
    ];
  if (major !== liveMajor)
    return [
      {
        why: `it is PostgreSQL ${liveMajor}, and PostgreSQL ${major ?? wanted} can't open its files`,
        wayOut: `${write}, or to an image of the same major version`,
      },
    ];
  const [sorts, sorted] = [releaseOf(planTag), releaseOf(tag)];
  if (sorts && sorted && sorts !== sorted)
    return [
      {
        why:
          `its image ${image} has the C library of ${sorted}, and ${wanted} that of ${sorts}, which may sort ` +
          `text otherwise`,
        wayOut: `${write}, and change it after it belongs to the stack (docs/versions.md)`,
      },
    ];
  if (isAlpine(planTag) === isAlpine(tag)) return refuseUser(service, want, has);
  const uid = ownerOf(has);
  return [
    {
      why: `its image ${image} runs as another user than ${wanted} and sorts text in another order`,
      wayOut: uid === want.uid ? write : `${write}, and services.${service}.uid to ${uid}`,
    },
  ];
}

/** The release of Debian that a tag names. */
const releaseOf = (tag: string) => /bullseye|bookworm|trixie/.exec(tag)?.[0];

const isAlpine = (tag: string) => /alpine/.test(tag);

/** The user that the files of an official image belong to. */
const ownerOf = ({ image = "", uid }: LiveContainer) =>
  uid || (isAlpine(imageParts(image).tag) ? alpineUser : debianUser);

/** PostgreSQL opens no files but those of its own user. */
function refuseUser(service: string, { uid }: LiveContainer, has: LiveContainer): Refusal[] {
  const owner = ownerOf(has);
  if (uid === undefined || owner === uid || !isOfficial(has)) return [];
  return [
    {
      why: `its files belong to user ${owner}, and the service runs as user ${uid}`,
      wayOut: `set services.${service}.uid to ${owner}`,
    },
  ];
}

/** From version 18 on the image has a directory for each major version. */
const defaultData = (image: string) => {
  const major = coerce(imageParts(image).tag)?.major ?? 0;
  return major >= 18 ? `/var/lib/postgresql/${major}/docker` : "/var/lib/postgresql/data";
};

/** Where the service's start looks for a database, in words. */
const lookedFor = "in the volume's root, in pgdata and in NUMBER/docker";

/** Whether the service's start finds a database in this directory of the volume. */
const isLookedFor = (directory: string) => /^(|pgdata|\d+\/docker)$/.test(directory);

function refusePlace(
  { service, namespace, workload }: DataUse,
  { mounts: wanted = [] }: LiveContainer,
  has: LiveContainer,
): Refusal[] {
  const data = valueOf(has, "PGDATA") ?? defaultData(has.image ?? "");
  const claim = wanted[0]?.claim ?? "";
  const mounts = (has.mounts ?? []).filter((mount) => mount.claim === claim);
  const mount = mounts
    .filter(({ path }) => `${data}/`.startsWith(`${path}/`))
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (!mount)
    return [
      {
        why: `its database is in ${data}, which is not on the claim ${claim}`,
        wayOut:
          "a restart may lose it: dump it first, and load the dump into the new database: " +
          `kubectl -n ${namespace} exec ${workload} -- pg_dumpall -U ROLE > ${service}.sql`,
      },
    ];
  const directory = data.slice(mount.path.length + 1);
  if (mount.subPath !== "" || isLookedFor(directory)) return [];
  return [
    {
      why: `its database is in the directory ${directory} of ${claim}, and the service looks only ${lookedFor}`,
      wayOut: `stop ${workload}, and rename that directory to pgdata, in the volume's root`,
    },
  ];
}

function refuseRole({ service, namespace, workload, server }: DataUse, has: LiveContainer, wanted: string): Refusal[] {
  const role = valueOf(has, "POSTGRES_USER");
  if (server ? server.superusers.includes(wanted) : role === wanted || (role === undefined && wanted === "postgres"))
    return [];
  const is = role === null ? "can't be told" : `is ${role ?? "postgres"}`;
  const make =
    `kubectl -n ${namespace} exec -it ${workload} -- psql -U ${role ?? "ROLE"} -d postgres -c 'create role ` +
    `"${wanted}" superuser login' -c '\\password ${wanted}'`;
  return [
    {
      why: `its administrator ${is}, and the service ${service} works as ${wanted}`,
      wayOut: `while it runs, make that role with the same password: ${make}`,
    },
  ];
}

/** Only a table's owner changes it, and the job that makes the databases leaves those that are there. */
function refuseOwners({ server, databases }: DataUse): Refusal[] {
  return databases.flatMap((name) => {
    const owner = server?.owners[name];
    if (owner === undefined || owner === name) return [];
    return [
      {
        why: `its database ${name} belongs to the role ${owner}, and the service ${name} logs in as ${name}`,
        wayOut: `give it and its tables to ${name}: docs/adopting.md, "A database of another role", has the command`,
      },
    ];
  });
}

/** What a running server says of itself. The image lets its own user in by the socket, whatever the password is. */
export const serverFacts = [
  "sh",
  "-c",
  `exec psql -X -U "\${POSTGRES_USER:-postgres}" -d template1 -Atc "select json_build_object('superusers', \
(select json_agg(rolname) from pg_roles where rolsuper and rolcanlogin), 'owners', \
(select json_object_agg(datname, pg_get_userbyid(datdba)) from pg_database))"`,
];

/** Its files tell their version, and the server opens none that aren't its own user's. */
export const dataLayout: DataLayout = {
  marks: ["PG_VERSION"],
  alone: true,
  finds: { is: isLookedFor, words: "its root, in pgdata and in NUMBER/docker", make: "pgdata" },
  ownerOnly: true,
};
