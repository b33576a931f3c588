/** Why the local cluster can't run here whatever is installed; undefined where it can. */
export function noLocalCluster(platform: NodeJS.Platform = process.platform, uid = process.getuid?.()): string | undefined {
  if (platform !== "linux") return `the local cluster runs on Linux only, and this is ${platform}`;
  return uid === 0 ? undefined : "the local cluster needs root";
}

/** In a root hook: where the local cluster can't run, every test is skipped, counted, and says why. */
export function skipWithoutLocalCluster(context: Mocha.Context): void {
  const reason = noLocalCluster();
  if (!reason) return;
  let root = context.test!.parent!;
  while (root.parent) root = root.parent;
  root.eachTest((test) => (test.title += ` (skipped: ${reason})`));
  context.skip();
}
