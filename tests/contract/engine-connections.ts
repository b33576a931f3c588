import * as runtime from "@pulumi/pulumi/runtime";

/**
 * Gives each connection to an engine its own state. gRPC shares that of an address within a process, and the stacks of
 * this suite run in one: where the kernel gives a new engine the port of an ended one, the program would be told at its
 * first call that nobody answers, and would not try.
 */
export function keepConnectionsApart(): void {
  // Pulumi exports the options of its clients without declaring their type.
  const { grpcClientOptions } = runtime as unknown as { grpcClientOptions: Record<string, unknown> };
  grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
}
