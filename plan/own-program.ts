import type { ServiceConfig } from "../model/config";
import type { ServiceSpec } from "../model/service-spec";

/**
 * The catalogue's entry with the config's user, and with the user's own program in place of the example. The example's
 * command and arguments are left out as soon as the config names another image.
 */
export function withOwnProgram(spec: ServiceSpec, { image, command, args, uid, port }: ServiceConfig): ServiceSpec {
  const identity = uid === undefined ? spec.identity : { uid, gid: uid };
  if (!spec.ownProgram) return { ...spec, identity };
  const example = image === undefined || (typeof image !== "string" && image.standIn);
  const answers = { action: { tcp: port ?? spec.ports[0]?.port ?? 80 } };
  return {
    ...spec,
    command: command ?? (example ? spec.command : undefined),
    args: args ?? (example ? spec.args : undefined),
    identity,
    ports: port === undefined ? spec.ports : [{ name: "http", port }],
    probes: { readiness: { ...spec.probes.readiness, ...answers }, liveness: { ...spec.probes.liveness, ...answers } },
  };
}
