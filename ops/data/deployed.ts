import { readDeployed } from "../pulumi/known-claims";
import type { Target } from "../pulumi/target";
import { lookAtData } from "./look";
import { type Trouble, troublesOf, troublesOfKept } from "./troubles";

/** What is wrong with the data of a deployed stack's claims, kept ones too. A claim that only waits is left out. */
export async function troublesOfStack({ stack, connect }: Target): Promise<Trouble[]> {
  const services = Object.entries((await readDeployed(stack)).services);
  if (services.length === 0) return [];
  const kube = connect();
  const troubles = await Promise.all(
    services.map(async ([name, service]) => {
      const facts = await lookAtData(kube, service.namespace);
      return [...troublesOf(name, service, facts), ...troublesOfKept(name, service, facts)];
    }),
  );
  return troubles.flat().filter(({ kind }) => kind !== "pending");
}
