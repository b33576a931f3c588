import * as pulumi from "@pulumi/pulumi";

/** What the stack's state has of its last update. */
export interface LastUpdate {
  /** The cluster that it went to; absent before the first update. */
  deployedTo?: string;
  /** The uids of the claims that it had, by `namespace/name`. */
  known: Record<string, string>;
}

type ResourceOutputs = { cluster?: { uid?: string }; claims?: Record<string, string> };

/** Reads the stack's own state: the stack's outputs, and those of its services. */
export async function lastUpdate(): Promise<LastUpdate> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { outputs = {} } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
    outputs?: Record<string, ResourceOutputs>;
  };
  const ofType = (type: string) =>
    Object.entries(outputs).flatMap(([urn, values]) => (urn.split("::")[2] === type ? [values] : []));
  return {
    deployedTo: ofType("pulumi:pulumi:Stack")[0]?.cluster?.uid,
    known: Object.assign({}, ...ofType("cluster-storage:index:StatefulService").map(({ claims }) => claims)) as Record<
      string,
      string
    >,
  };
}
