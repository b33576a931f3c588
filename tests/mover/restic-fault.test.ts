import assert from "node:assert/strict";
import { faultOfEnd } from "../../mover/backup/restic";

describe("a repository that doesn't answer", () => {
  const faultAt = (host: string) => {
    const said =
      `Load(<config/0>, 0, 0) returned error, retrying after 1.2s: Head "http://cluster:***@${host}:8000/config": ` +
      "dial tcp 10.96.0.9:8000: connect: connection refused";
    const { message, transient } = faultOfEnd({ code: undefined, said }, "nfs://nas.lan/b");
    return [message, transient];
  };
  const why = (host: string) =>
    "the repository at nfs://nas.lan/b could not be opened in time: Head " +
    `"http://cluster:***@${host}:8000/config": dial tcp 10.96.0.9:8000: connect: connection refused`;

  it("is looked at in the stack's own pod, where that serves it", () => {
    const host = "backups-repository.local-ai-backups.svc";
    assert.deepEqual(faultAt(host), [
      `${why(host)}. The stack's own pod serves it: kubectl -n local-ai-backups describe pod -l ` +
        "app.kubernetes.io/name=backups-repository says why it doesn't answer",
      true,
    ]);
    assert.deepEqual(faultAt("backup.lan"), [why("backup.lan"), true]);
  });
});
