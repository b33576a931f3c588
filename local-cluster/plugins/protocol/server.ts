import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Engine } from "./engine";
import { toStatus } from "./errors";
import { handlers, type Handler } from "./handlers";
import type { Provider } from "./provider";

/** Serves the plugin until the engine stops it. The first line on stdout is the port, as the engine expects. */
export function serve(provider: Provider): void {
  const engine = new Engine();
  engine.connect(process.argv[2] ?? "");
  const server = new Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  // The handlers are looked up by method name, but the generated service definition has no index signature.
  server.addService(services.ResourceProviderService as never, implementation(handlers(provider, engine)) as never);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  stopWithParent();
}

function implementation(handlers: Record<string, Handler>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(handlers).map(([name, handle]) => [name, unary(handle)]));
}

function unary(handle: Handler) {
  return (call: ServerUnaryCall<never, unknown>, done: sendUnaryData<unknown>): void => {
    handle(call.request).then(
      (response) => done(null, response),
      (error) => done(toStatus(error)),
    );
  };
}

// A CLI that was killed with -9 can't stop its plugins, and a plugin that goes on alone would create objects that no
// state records. The engine ends a plugin with SIGINT. A plugin has its own process group, so a user's Ctrl-C reaches
// it only as the engine's Cancel.
function stopWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 500).unref();
  process.on("SIGINT", () => process.exit(0));
}
