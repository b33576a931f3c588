import * as pulumi from "@pulumi/pulumi";

/** The cluster that the stack's last update went to, from the stack's outputs; undefined before the first update. */
export async function lastCluster(): Promise<string | undefined> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { outputs } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name })) as {
    outputs?: { cluster?: { uid?: string } };
  };
  return outputs?.cluster?.uid;
}
