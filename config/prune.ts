import { object } from "./fields";
import { bothOrNone, notEmpty, secret, url, user } from "./backup-forms";

/** `prune` of a repository's place: what may remove points there. */

export const restPrune = object({
  url: url("https://backup.lan:8001/cluster")
    .optional()
    .meta({ description: "Address of the same repository where points can be removed.", otherwise: "`url` beside it" }),
  user: user.optional().meta({ description: "Who may remove points.", otherwise: "as beside it" }),
  password: secret("a password", "rest.prune.password")
    .optional()
    .meta({ description: "That user's password.", otherwise: "as beside it" }),
})
  .superRefine(bothOrNone)
  .superRefine(notEmpty("is empty; say what differs: url, or user and password"));

export const s3Prune = object({
  accessKeyId: secret("a key", "s3.prune.accessKeyId").describe("Id of the key that may delete there too."),
  secretAccessKey: secret("a key", "s3.prune.secretAccessKey").describe("That key."),
});
