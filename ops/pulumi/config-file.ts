import * as path from "node:path";
import { localConfig } from "./local-config";
import { checkout, readStackConfig, stackFile } from "./project";
import { withDirectory, writePrivate } from "./scratch";
import type { Stack } from "./stack";
import { deployedOverrides } from "./deployed-overrides";

/**
 * Gives `work` the config file for a preview: the checkout's, or `text` in its place, with the overrides of `npm
 * start`. Undefined stands for the unchanged file beside Pulumi.yaml.
 */
export async function withConfig<T>(
  stack: Stack,
  text: string | undefined,
  work: (file: string | undefined) => Promise<T>,
): Promise<T> {
  const overrides = await deployedOverrides(stack);
  if (!overrides && text === undefined)
    return work(
      stackFile(stack.name) === path.join(checkout, `Pulumi.${stack.name}.yaml`) ? undefined : stackFile(stack.name),
    );
  return withDirectory("config", async (directory) => {
    const file = path.join(directory, `Pulumi.${stack.name}.yaml`);
    const own = text ?? (await readStackConfig(stack.name));
    writePrivate(file, overrides ? await localConfig(stack, own, overrides) : own);
    return work(file);
  });
}
