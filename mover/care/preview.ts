import { backupHost, drilledAnnotation, drillFailedAnnotation, type Drilled, type Point } from "../../model/backup";
import type { CareService, ServicePreview } from "../../model/care";
import { policyOptions, toForget, type PolicySays, type Snapshot, type Whose } from "../../model/retention";
import { readPoints } from "../backup/repository";
import { resticOutput } from "../backup/restic";
import type { Claim } from "../orchestrate/objects";
import type { Path } from "../wire/api";
import type { CareContext } from "./context";

/** What would be forgotten of each service that has a policy. Nothing is changed. */
export async function previewAll(context: CareContext): Promise<ServicePreview[]> {
  const services = context.task.services.filter(({ keep }) => keep);
  if (services.length === 0) return [];
  const marked = (await readPoints(context)).filter(({ incomplete }) => incomplete);
  const incomplete = new Set(marked.map(({ id }) => id));
  const previews: ServicePreview[] = [];
  for (const service of services) previews.push(await previewOf(context, service, incomplete));
  return previews;
}

async function previewOf(
  context: CareContext,
  service: CareService,
  incomplete: ReadonlySet<string>,
): Promise<ServicePreview> {
  const { keep, remove } = await policySays(context, service);
  const whose = { owner: context.task.owner, service: service.service, incomplete };
  const { forget, waits } = toForget({ ...whose, ...(await drillsOf(context, service)) }, { keep, remove }, new Date());
  return {
    service: service.service,
    points: keep.length + remove.length,
    forget: forget.map(pointOf),
    ...(waits !== undefined && { waits }),
  };
}

const pointOf = ({ id, time, summary = {} }: Snapshot): Point => ({
  id,
  at: time,
  bytes: summary.total_bytes_processed ?? 0,
  added: summary.data_added_packed ?? 0,
});

/** restic's own preview: all points of the service in one group, of whatever generation and set of volumes. */
async function policySays({ task, signal, patience }: CareContext, service: CareService): Promise<PolicySays> {
  const args = [
    ...["forget", "--dry-run", "--no-lock", "--host", backupHost],
    ...["--tag", `stack:${task.owner},service:${service.service}`, "--group-by", "host"],
    ...policyOptions(service.keep ?? {}),
  ];
  const printed = await resticOutput(args, task.repository, { signal, patience });
  const line = printed.split("\n").find((each) => each.startsWith("["));
  const groups: { keep: Snapshot[] | null; remove: Snapshot[] | null }[] = line === undefined ? [] : JSON.parse(line);
  return { keep: groups.flatMap((each) => each.keep ?? []), remove: groups.flatMap((each) => each.remove ?? []) };
}

/** What the service's drills came to. Throws where a claim can't be read: then nobody knows which point is proved. */
async function drillsOf(
  { api }: CareContext,
  { namespace, claims }: CareService,
): Promise<Pick<Whose, "drilled" | "drillFailed">> {
  const found: Pick<Whose, "drilled" | "drillFailed"> = {};
  for (const name of claims) {
    const path: Path<Claim> = { path: `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}` };
    const notes = (await api.find(path))?.metadata.annotations ?? {};
    if (notes[drillFailedAnnotation] !== undefined) found.drillFailed = true;
    if (notes[drilledAnnotation] !== undefined) found.drilled ??= readDrilled(notes[drilledAnnotation]);
  }
  return found;
}

function readDrilled(text: string): { point: string } | "unreadable" {
  try {
    const { point }: Partial<Drilled> = JSON.parse(text);
    if (typeof point === "string") return { point };
  } catch {
    // Told as any other that says nothing.
  }
  return "unreadable";
}
