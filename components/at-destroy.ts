import { Command } from "@pulumi/command/local";
import type * as pulumi from "@pulumi/pulumi";
import { type AtDestroy, taskVariable } from "../model/at-destroy";

/**
 * A command that runs when its resource goes, after everything that depends on it. Nothing runs before. It is looked up
 * in the checkout that destroys, because the state may be used on another machine than the one that wrote it.
 */
export const atDestroy = (name: string, task: AtDestroy, opts: pulumi.CustomResourceOptions) =>
  new Command(
    name,
    { delete: "node ops/run.mjs at-destroy", environment: { [taskVariable]: JSON.stringify(task) } },
    opts,
  );
