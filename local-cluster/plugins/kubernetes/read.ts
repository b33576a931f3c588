import { NotReady } from "../protocol/errors";
import type { ReadRequest } from "../protocol/provider";
import { isObject, reveal, type JsonObject, type Properties } from "../protocol/values";
import { metadataOf } from "./annotations";
import { readiness } from "./awaits/await";
import { checkpoint, parseCheckpoint, parseId } from "./checkpoint";
import { isNotFound, Unreachable } from "./client";
import { UnknownKind } from "./cluster";
import type { Context } from "./context";
import { fieldManagerOf } from "./field-managers";
import { kindOf } from "./kinds";
import { normalize, pruneTo } from "./normalize";
import { markSecrets, withoutCopies } from "./secrets";

type Found = { id: string; outputs: Properties; inputs: Properties };

/**
 * The object as it is, and inputs that describe it. These are the program's inputs with the cluster's values. For an
 * object that no program has declared yet, they are everything that a program could have declared.
 */
export async function read(request: ReadRequest, context: Context): Promise<Found | undefined> {
  const { urn, id } = request;
  const old = parseCheckpoint(request.state, request.inputs);
  const known = Object.keys(request.inputs).length > 0 ? request.inputs : old.inputs;
  const live = await fetch(request, old.live, known, context);
  if (!live) return undefined;

  const imported = known.kind === undefined;
  const inputs = imported ? importedInputs(live) : liveInputs(live, known);
  const manager = fieldManagerOf(inputs as JsonObject, old.fieldManager);
  const marked = markSecrets(inputs, known);
  const found = { id, outputs: checkpoint(live, marked, manager), inputs: marked };
  if (imported) return found;
  const { ready, messages } = await readiness(context, urn, reveal(known) as JsonObject, live);
  if (ready) return found;
  const error = `${String(live.kind)} ${id} is not ready`;
  throw new NotReady(error, { ...found, reasons: messages });
}

async function fetch(
  request: ReadRequest,
  old: JsonObject,
  known: Properties,
  context: Context,
): Promise<JsonObject | undefined> {
  const { apiVersion, kind } = kindOf(request.urn, known.kind === undefined ? old : known);
  const { namespace, name } = parseId(request.id);
  try {
    return await context.cluster.get({ apiVersion, kind, metadata: namespace ? { name, namespace } : { name } });
  } catch (error) {
    if (isNotFound(error) || error instanceof UnknownKind) return undefined;
    if (!(error instanceof Unreachable) || !context.settings.deleteUnreachable) throw error;
    context.warnOnce(`${error.message}: its resources are removed from the state only`);
    return undefined;
  }
}

function liveInputs(live: JsonObject, known: Properties): Properties {
  return pruneTo(live, normalize(known)) as Properties;
}

const serverMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];
const controllerAnnotations = [
  "deployment.kubernetes.io/revision",
  "pv.kubernetes.io/bind-completed",
  "pv.kubernetes.io/bound-by-controller",
];

function importedInputs(live: JsonObject): Properties {
  const { status: _, ...inputs } = withoutCopies(live);
  const metadata: Properties = Object.fromEntries(
    Object.entries(metadataOf(live)).filter(([key]) => !serverMetadata.includes(key)),
  );
  const annotations = (inputs.metadata as Properties).annotations;
  if (isObject(annotations)) {
    metadata.annotations = Object.fromEntries(
      Object.entries(annotations).filter(([key]) => !controllerAnnotations.includes(key)),
    );
  }
  return { ...inputs, metadata };
}
