import { credentials } from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import * as messages from "@pulumi/pulumi/proto/engine_pb.js";

export type Severity = "debug" | "info" | "warning" | "error";

const severities = {
  debug: messages.LogSeverity.DEBUG,
  info: messages.LogSeverity.INFO,
  warning: messages.LogSeverity.WARNING,
  error: messages.LogSeverity.ERROR,
};

/** The CLI that started the plugin. It shows messages to the user. */
export class Engine {
  private client?: InstanceType<typeof services.EngineClient>;
  private readonly notes = new Map<string, string>();

  connect(address: string): void {
    if (address !== "") this.client = new services.EngineClient(address, credentials.createInsecure());
  }

  /** A line that stays in the output of the update, shown with the resource. */
  log(severity: Severity, message: string, urn = ""): void {
    this.send(severity, message, urn, false);
  }

  /** A note in the resource's row while the operation runs. */
  status(message: string, urn: string): void {
    if (this.notes.get(urn) === message) return;
    this.notes.set(urn, message);
    this.send("info", message, urn, true);
  }

  /** Empties the resource's row, as the official plugin does after each step; other displays print an empty line. */
  clear(urn: string): void {
    this.notes.delete(urn);
    this.send("info", "", urn, true);
  }

  private send(severity: Severity, message: string, urn: string, ephemeral: boolean): void {
    const request = new messages.LogRequest();
    request.setSeverity(severities[severity]);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    // A lost message must not make its operation fail.
    this.client?.log(request, () => undefined);
  }
}
