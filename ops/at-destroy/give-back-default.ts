import type { ClassFacts } from "../../model/facts";
import type { Kube } from "../../kube/client";
import { mergePatch } from "../../kube/patch";
import { type ClassItem, readClass } from "../../kube/read/classes";

const flag = "storageclass.kubernetes.io/is-default-class";

/** Gives classes their default flag again, unless another class is the default by now. Returns what to tell. */
export async function giveBackDefault(kube: Kube, names: readonly string[]): Promise<string[]> {
  const { items } = await kube.objects.list("storage.k8s.io/v1", "StorageClass");
  const { give, said } = decideDefault((items as ClassItem[]).map(readClass), names);
  for (const name of give) {
    const body = {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name, annotations: { [flag]: "true" } },
    };
    await mergePatch(kube, body);
  }
  return said;
}

/** Which of the classes get their flag, and what to tell of all of them. */
export function decideDefault(
  classes: readonly ClassFacts[],
  names: readonly string[],
): { give: string[]; said: string[] } {
  const other = classes.find(({ name, isDefault }) => isDefault && !names.includes(name));
  if (other)
    return {
      give: [],
      said: [`class ${other.name} is the cluster's default, so ${names.join(", ")} did not become it again`],
    };
  const give = names.filter((name) => classes.some((known) => known.name === name && !known.isDefault));
  return { give, said: give.map((name) => `class ${name} is the cluster's default again, as before this stack`) };
}
