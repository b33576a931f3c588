import type { ProvisionerFacts } from "../../model/facts";
import { type Item, nameOf, namespaceOf, stackOf } from "./objects";

export interface DeploymentItem extends Item {
  spec?: {
    replicas?: number;
    template?: {
      spec?: {
        containers?: {
          image?: string;
          command?: string[];
          args?: string[];
          env?: { name: string; value?: string }[];
        }[];
      };
    };
  };
}

/** The provisioner name that local-path-provisioner has by default. */
const stockName = "rancher.io/local-path";
const flag = "--provisioner-name";

/** The provisioner that a Deployment runs; none for all others. */
export function readProvisioner(item: DeploymentItem): ProvisionerFacts[] {
  return (item.spec?.template?.spec?.containers ?? []).flatMap(({ image = "", command = [], args = [], env = [] }) => {
    const words = [...command, ...args];
    if (!/local-path-provisioner/.test(image) && !words.includes("local-path-provisioner")) return [];
    const provisioner = valueOf(words) ?? env.find(({ name }) => name === "PROVISIONER_NAME")?.value ?? stockName;
    return [
      {
        namespace: namespaceOf(item),
        deployment: nameOf(item),
        provisioner,
        image,
        replicas: item.spec?.replicas ?? 1,
        stack: stackOf(item),
      },
    ];
  });
}

/** The option's value, in either of the ways to write it. */
function valueOf(words: string[]): string | undefined {
  const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  return words[at]?.includes("=") ? words[at].slice(flag.length + 1) : words[at + 1 || words.length];
}
