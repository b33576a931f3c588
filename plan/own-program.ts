import type { ServiceConfig } from "../model/config";
import { imageName } from "../model/engine-version";
import type { ServiceSpec } from "../model/service-spec";

/**
 * The catalogue's entry with the config's user, and with the user's own program in place of the example. The example's
 * command and arguments are left out as soon as the config names another program's image.
 */
export function withOwnProgram(spec: ServiceSpec, { image, command, args, uid, port }: ServiceConfig): ServiceSpec {
  const identity = uid === undefined ? spec.identity : { uid, gid: uid };
  if (!spec.ownProgram) return { ...spec, identity };
  const example = image === undefined || runsExample(spec, image);
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

/** A stand-in takes the example's arguments, and so does the example from another registry or in another version. */
function runsExample(spec: ServiceSpec, image: NonNullable<ServiceConfig["image"]>): boolean {
  const { ref, standIn } = typeof image === "string" ? { ref: image, standIn: false } : image;
  return standIn || imageName(ref) === imageName(spec.image);
}
