import { pathText } from "../../model/config-path";
import type { Fault } from "../../model/plan";
import type { ServiceSpec } from "../../model/service-spec";

/** Command and arguments with those of the config; nothing where it names none, or the program is the user's own. */
export function withArguments(
  { ownProgram, command = [], extraArgs }: ServiceSpec,
  args: readonly string[] = [],
): Pick<ServiceSpec, "command" | "args"> {
  if (ownProgram || args.length === 0 || typeof extraArgs !== "object") return {};
  // A shell takes the first word behind its script for its own name.
  const [shell = "", option = "", script = "", ...name] = extraArgs.command(command);
  return { command: [shell, option, script], args: [...name, ...args] };
}

/** The arguments of the config that the catalogue's program can't have. */
export function checkArguments(spec: ServiceSpec, args: readonly string[]): Fault[] {
  const path = ["services", spec.name, "args"];
  if (spec.ownProgram || args.length === 0) return [];
  if (typeof spec.extraArgs !== "object")
    return [{ path: pathText(path), message: `can't be given: ${spec.extraArgs ?? "its command takes none"}` }];
  const broken = args.findIndex((arg) => /[\r\n\0]/.test(arg));
  if (broken !== -1)
    return [{ path: pathText([...path, broken]), message: "has a line break; write one setting each" }];
  return spec.extraArgs.check(args).map(({ at, message }) => ({ path: pathText([...path, at]), message }));
}
