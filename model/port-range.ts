import type { PortRange } from "./network-settings";

/** A port as configured: 587, "587", "587/tcp", "5000-5010/udp". Undefined for anything else. */
export function parsePort(value: unknown): PortRange | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const [, first, last, protocol = "tcp"] =
    /^([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?(?:\/(tcp|udp|sctp))?$/i.exec(String(value)) ?? [];
  const [port, endPort] = [Number(first), last === undefined ? undefined : Number(last)];
  if (first === undefined || port > 65_535) return undefined;
  if (endPort !== undefined && (endPort < port || endPort > 65_535)) return undefined;
  return {
    protocol: protocol.toUpperCase() as PortRange["protocol"],
    port,
    ...(endPort !== undefined && endPort > port && { endPort }),
  };
}
