import { assertReachable } from "../../kube/client";
import type { Progress } from "../../local-cluster/progress";
import { UserError } from "../../model/user-error";
import { catalogue } from "../../services/catalogue";
import { readStack, type StackState } from "../move/batch";
import { carryOutEdit, type EditTexts } from "../move/carry-out";
import { type DeploymentOptions, findDeployment, previewOf } from "../move/deployment";
import { editMap } from "../move/edit";
import { devStack } from "../pulumi/project";
import { planOf } from "../pulumi/stack-plan";
import { chooseRotation, type Choice } from "./choose";
import { allUnfinished } from "./look";
import { readValues } from "./values";

/**
 * Gives a service's passwords anew: one edit of the stack file, one question, one update, and a try of the new and the
 * old values. A rotation that was cut off is finished first, without another number.
 */
export async function rotate(
  name: string,
  options: DeploymentOptions & { yes?: boolean },
  progress: Progress,
): Promise<void> {
  const stack = await readStack(options.stack ?? devStack);
  const before = chooseRotation(name, stack.planned.plan, catalogue);
  const deployment = await findDeployment(options, progress);
  const kube = deployment.target.connect();
  await assertReachable(kube);
  const left = await progress.step("trying the passwords as they are", async () =>
    allUnfinished(kube, before, await readValues(deployment.target.stack)),
  );
  const goesOn =
    mayBeUnfinished(before, left) &&
    (await progress.step("looking what the last update left to do", async () =>
      leftToDo(await previewOf(deployment, stack.text), left),
    ));
  const after = goesOn ? stack.text : withNext(stack, before);
  const choice = chooseRotation(name, planOf(after, stack.owner).plan, catalogue);
  await carryOutEdit(deployment, { before: stack.text, after }, texts(name, choice, left, goesOn), options, progress);
  const still = await progress.step("trying the new passwords and those before", async () =>
    allUnfinished(kube, choice, await readValues(deployment.target.stack)),
  );
  if (still.length > 0)
    throw new UserError(
      `The update is done, but: ${still.join("; ")}. Nothing is lost, and all earlier passwords are in the ` +
        "state. Run the same command again.",
    );
  process.stdout.write(`${done(choice).join("\n")}\n`);
}

/** Pure; exported for its test. Whether an earlier rotation can have left anything: only then a preview is worth it. */
export const mayBeUnfinished = ({ services }: Choice, left: readonly string[]) =>
  left.length > 0 || services.some(({ rotation }) => rotation > 1);

/**
 * Pure; exported for its test. Whether an update of the file as it is has something of a rotation left to do: a value
 * isn't everywhere yet, or the last update ended before all clients had started again.
 */
export const leftToDo = (preview: string, left: readonly string[]) =>
  hasChanges(preview) && (left.length > 0 || changedRun.test(preview));

/** A line of a preview about what runs pods, in any of the CLI's displays. */
const changedRun = /^\s*[+~-]{1,2}\s.*\b(Deployment|StatefulSet|Job)\b/m;

/** Whether a preview counts a change. Pure; exported for its test. */
export const hasChanges = (printed: string) =>
  /^\s+\S* ?\d+ to \w+( \w+)*$/m.test(printed.slice(printed.lastIndexOf("Resources:")));

/** The stack file with the next number at each service. Each other character stays. */
const withNext = ({ owner, text }: StackState, { services }: Choice): string =>
  services.reduce((edited, { name, rotation }) => {
    const path = ["config", `${owner.project}:services`, name];
    return editMap(edited, path, { rotation: rotation + 1 });
  }, text);

const clients = "an update has something left to change at pods or jobs";
const going = "It goes on; no further password is given.";

/**
 * Pure; exported for its test. What a person reads before the answer. `left`: what a rotation that was cut off left.
 * `goesOn`: an update finishes that.
 */
export function texts(name: string, { services, stays }: Choice, left: readonly string[], goesOn: boolean): EditTexts {
  const names = services.map((service) => service.name).join(", ");
  const notes = goesOn
    ? [`The last rotation isn't finished: ${(left.length > 0 ? left : [clients]).join("; ")}. ${going}`]
    : [
        ...(left.length > 0
          ? [`As it is now, ${left.join("; ")}, and no update would change that: the next passwords do.`]
          : []),
        `${names} ${services.length > 1 ? "start" : "starts"} again, and so does each service of the stack that has ` +
          "one of these passwords. Programs outside the stack need the new value from the Secret.",
      ];
  const question = goesOn ? `Finish the rotation of ${name}?` : `Give the passwords of ${names} anew?`;
  return { notes: [...notes, ...stays], question };
}

/** Pure; exported for its test. */
export function done({ services, changing }: Choice): string[] {
  return services.map(({ name, rotation }) => {
    const own = changing.filter(({ service }) => service === name);
    const tried = own.filter(({ trial }) => trial).map(({ key, trial }) => `${key} (${trial!.server.name})`);
    const untried = own.filter(({ trial }) => !trial).map(({ key }) => key);
    const said = [
      ...(tried.length > 0 ? [`the new ${tried.join(", ")} is taken and the one before is refused`] : []),
      ...(untried.length > 0 ? [`${untried.join(", ")} can't be tried from here`] : []),
    ];
    return `${name}: passwords number ${rotation}; ${said.join("; ")}`;
  });
}
