import type { Fault, Owner } from "../model/plan";

/** Kubernetes' limit of a label's value. */
const longest = 63;

/**
 * What is wrong with the names of the stack and of its project: every object of the stack bears both in a label, so
 * that an update would fail at its first object.
 */
export function nameFaults({ project, stack }: Owner): Fault[] {
  const label = `${project}-${stack}`;
  if (label.length > longest) return [{ path: "", message: lengthFault(project, stack) }];
  const wrong = [
    !/^[A-Za-z0-9][-A-Za-z0-9_.]*$/.test(project) && `the project's name "${project}" can't begin a label's value`,
    !/^[-A-Za-z0-9_.]*[A-Za-z0-9]$/.test(stack) && `the stack's name "${stack}" can't end a label's value`,
    !/[A-Za-z0-9]$/.test(project) && `the project's name "${project}" can't end a label's value`,
  ].filter((message) => message !== false);
  return wrong.slice(0, 1).map((what) => ({
    path: "",
    message:
      `${what}, which every object of the stack has: it takes letters, digits, "-", "_" and ".", with a letter or ` +
      `digit at both ends; ${what.startsWith("the stack") ? rename : renameProject}`,
  }));
}

const rename = "choose another name: pulumi stack rename NAME";
const renameProject = "change name in Pulumi.yaml before the first update";

function lengthFault(project: string, stack: string): string {
  const left = longest - project.length - 1;
  const label =
    `every object of the stack has the label app.kubernetes.io/instance: ${project}-${stack}, whose value ` +
    `may have ${longest} characters`;
  return left < 1
    ? `the project's name "${project}" is too long: ${label}; ${renameProject}`
    : `the stack's name has ${stack.length} characters: ${label}; give it ${left} at most: pulumi stack rename NAME ` +
        "(or pulumi stack init NAME, where nothing is deployed yet)";
}
