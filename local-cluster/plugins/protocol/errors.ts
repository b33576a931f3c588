import { Metadata, status } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import * as rpc from "@pulumi/pulumi/proto/status_pb.js";
import { Any } from "google-protobuf/google/protobuf/any_pb.js";
import type { Properties } from "./values";
import { encode } from "./wire";

/** The resource exists, so it belongs in the state, but it did not become ready. */
export class NotReady extends Error {
  constructor(
    message: string,
    readonly partial: { id: string; outputs: Properties; inputs?: Properties; reasons: string[] },
  ) {
    super(message);
  }
}

/** An error as gRPC sends it. Only its message reaches the user, never a stack trace. */
export function toStatus(error: unknown): { code: status; message: string; details: string; metadata?: Metadata } {
  const text = error instanceof Error ? error.message : String(error);
  const answer = { code: status.UNKNOWN, message: text, details: text };
  return error instanceof NotReady ? { ...answer, metadata: notReadyDetails(error) } : answer;
}

function notReadyDetails(error: NotReady): Metadata {
  const { id, outputs, inputs, reasons } = error.partial;
  const detail = new messages.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(encode(outputs));
  if (inputs) detail.setInputs(encode(inputs));
  detail.setReasonsList([error.message, ...reasons]);

  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const envelope = new rpc.Status();
  envelope.setCode(status.UNKNOWN);
  envelope.setMessage(error.message);
  envelope.addDetails(any);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(envelope.serializeBinary()));
  return metadata;
}
