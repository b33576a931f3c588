import * as pulumi from "@pulumi/pulumi";

/**
 * What everything in the cluster comes after: the last step on the nodes. `assert` asks the nodes again and throws
 * where one isn't as the config says. The commands' success would say the same, but not in an update with `--target`,
 * nor after a state was mended by hand.
 */
export function gateNodes(
  last: pulumi.CustomResource | undefined,
  assert: () => Promise<void>,
): pulumi.Input<pulumi.Resource>[] {
  if (!last) return [];
  if (pulumi.runtime.isDryRun()) return [last];
  return [
    last.id.apply(async () => {
      await assert();
      return last;
    }),
  ];
}
