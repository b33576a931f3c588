/** A fault the user can mend: printed as it is, without a stack, exit code 1. */
export class UserError extends Error {
  override readonly name = "UserError";
}
