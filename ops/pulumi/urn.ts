/** `Namespace redis` of `urn:pulumi:dev::p::a$kubernetes:core/v1:Namespace::redis`. */
export function shortName(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split(":").pop()} ${name.join("::")}`;
}
