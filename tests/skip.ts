/** Skips the running test and puts the reason into its title, so that the report says why. */
export function skip(context: Mocha.Context, reason: string): never {
  const test = context.test ?? context.currentTest;
  if (test) test.title = `${test.title} (skipped: ${reason})`;
  return context.skip();
}
