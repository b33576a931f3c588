import type { ClaimFacts, ClassFacts, ProvisionerFacts } from "../model/facts";

/** What a claim's provisioner depends on. An absent list could not be read. */
export interface Provisioning {
  classes?: readonly ClassFacts[];
  provisioners?: readonly ProvisionerFacts[];
  /** Names of the CSIDriver objects. */
  drivers?: readonly string[];
}

/** What an event of a claim says, newest first. */
export interface ClaimEvent {
  reason: string;
  message: string;
}

/** Provisioners that are part of Kubernetes, or stand for volumes made by hand. */
const builtIn = /^kubernetes\.io\//;

/** Why a claim has no volume yet, as a clause; undefined where the cluster doesn't say it. */
export function whyPending(
  claim: ClaimFacts,
  { classes, provisioners, drivers }: Provisioning,
  events: readonly ClaimEvent[],
): string | undefined {
  if (claim.className === undefined)
    return classes && !classes.some(({ isDefault }) => isDefault)
      ? "it names no class, and the cluster has no default class"
      : said(events);
  if (claim.className === "") return said(events) ?? "it waits for a volume that is made by hand";
  const found = classes?.find(({ name }) => name === claim.className);
  if (classes && !found) return `there is no StorageClass "${claim.className}"`;
  const absent = found && absentProvisioner(found, { provisioners, drivers });
  return absent ? `nothing makes volumes of class "${claim.className}": ${absent}` : said(events);
}

/** What is missing of a class's provisioner, as a clause; undefined where nothing is, or where it can't be told. */
export function absentProvisioner(
  { provisioner }: Pick<ClassFacts, "provisioner">,
  { provisioners, drivers }: Omit<Provisioning, "classes">,
): string | undefined {
  if (!provisioners || !drivers || builtIn.test(provisioner) || drivers.includes(provisioner)) return undefined;
  const own = provisioners.filter((each) => each.provisioner === provisioner);
  if (own.some(({ replicas }) => replicas > 0)) return undefined;
  const [stopped] = own;
  if (stopped) return `Deployment ${stopped.namespace}/${stopped.deployment} is scaled to 0`;
  if (isLocalPath(provisioner)) return `no Deployment runs the provisioner ${provisioner}`;
  // Other provisioners can't be told from other Deployments.
  return isDriver(provisioner) ? `the cluster has no CSI driver ${provisioner}` : undefined;
}

const isLocalPath = (provisioner: string) => provisioner.startsWith("rancher.io/");
const isDriver = (provisioner: string) => /(^|\.)csi\.|^driver\./.test(provisioner);

const said = ([newest]: readonly ClaimEvent[]) => newest && `${newest.reason}: ${newest.message.split("\n")[0]}`;
