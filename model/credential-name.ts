/**
 * The name in the state of a service's generated value. The first one has no number, as before there were others: the
 * name is the value's identity, so whoever makes, finds or tries it takes it from here.
 */
export const credentialName = (service: string, key: string, generation: number) =>
  `${service}-${key}${generation === 1 ? "" : `-${generation}`}`;
