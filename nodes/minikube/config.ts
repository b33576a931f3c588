import { z } from "zod";
import { filledList, matching, object } from "../../config/fields";
import { nodePath } from "../../config/forms";

/** A node of type `minikube` in the stack config. */
export const schema = object({
  type: z.literal("minikube"),
  profile: matching(
    /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
    (value) => `"${value}" is no profile; minikube profile list shows them`,
  )
    .default("minikube")
    .describe("Minikube's profile, as in `minikube -p PROFILE`."),
  directories: filledList(nodePath, "name a directory, for instance /data/local-path").describe(
    "Directories by path, on a disk that outlives `minikube stop`, such as below `/data`.",
  ),
});

export type MinikubeConfig = z.infer<typeof schema>;
