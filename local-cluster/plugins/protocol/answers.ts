import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { formatPath, type Change } from "./diff";
import type { DiffResult, Failure } from "./provider";
import type { Properties } from "./values";
import { encode } from "./wire";

export function checkResponse(inputs: Properties, failures: Failure[]): messages.CheckResponse {
  const response = new messages.CheckResponse();
  response.setInputs(encode(inputs));
  response.setFailuresList(failures.map(failureMessage));
  return response;
}

export function failureMessage({ property, reason }: Failure): messages.CheckFailure {
  const failure = new messages.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}

export function diffResponse({ changes, replaceReasons = [], deleteBeforeReplace }: DiffResult): messages.DiffResponse {
  const response = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(changes.length + replaceReasons.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...new Set(changes.map((change) => String(change.path[0])))]);
  const replacing = changes.filter((change) => change.replace).map((change) => formatPath(change.path));
  response.setReplacesList([...replacing, ...replaceReasons]);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const change of changes) response.getDetaileddiffMap().set(formatPath(change.path), propertyDiff(change));
  return response;
}

function propertyDiff({ kind, replace }: Change): messages.PropertyDiff {
  const { Kind } = messages.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const diff = new messages.PropertyDiff();
  diff.setKind(kinds[kind][replace ? 1 : 0]);
  diff.setInputdiff(true);
  return diff;
}
