import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { connect } from "../../kube/client";
import { findContext, kubeconfigFiles } from "../../kube/kubeconfig";

describe("the kubeconfig", () => {
  it("is the named one, else KUBECONFIG's, else the one at home", () => {
    assert.deepEqual(kubeconfigFiles("/a/b", { KUBECONFIG: "/c" }), ["/a/b"]);
    assert.deepEqual(kubeconfigFiles(undefined, { KUBECONFIG: "/c:/d" }), ["/c", "/d"]);
    assert.match(kubeconfigFiles(undefined, {})[0] ?? "", /\/\.kube\/config$/);
    assert.match(kubeconfigFiles("~/k", {})[0] ?? "", /^\/.*[^~]\/k$/);
  });

  it("may be spread over several files", () => {
    const directory = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    const [first, second] = [join(directory, "1"), join(directory, "2")];
    writeFileSync(first, stringify({ contexts: [{ name: "x", context: { cluster: "c", user: "u" } }] }));
    writeFileSync(
      second,
      stringify({
        clusters: [{ name: "c", cluster: { server: "https://1.2.3.4", "certificate-authority": "ca.crt" } }],
      }),
    );
    const { cluster } = findContext("x", [first, second]);
    rmSync(directory, { recursive: true });
    assert.deepEqual([cluster.server, cluster.caFile], ["https://1.2.3.4", join(directory, "ca.crt")]);
  });

  describe("for the client library", () => {
    let directory: string;
    let file: string;
    const write = (content: object) => writeFileSync(file, stringify(content));
    const kubeconfig = {
      clusters: [{ name: "c", cluster: { server: "https://1.2.3.4" } }],
      users: [{ name: "u", user: { token: "t" } }],
      contexts: [{ name: "minikube", context: { cluster: "c", user: "u" } }],
    };
    const refused = (context: string | undefined, message: string) =>
      assert.throws(() => connect(context, file), { name: "UserError", message });
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), "kubeconfig-"));
      file = join(directory, "config");
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    it("gives the context that is named, else the current one", () => {
      write({ ...kubeconfig, "current-context": "minikube" });
      assert.equal(connect("minikube", file).context, "minikube");
      assert.equal(connect(undefined, file).config.getCurrentCluster()?.server, "https://1.2.3.4");
    });
    it("is refused with the same words as for the program", () => {
      refused(
        "x",
        `the kubeconfig ${file} is not there; name another one, or make it with the tool that made the cluster`,
      );
      write(kubeconfig);
      refused("minkube", `no context "minkube" in ${file}; did you mean "minikube"?`);
      refused(undefined, `${file} has no current context; choose one: kubectl config use-context NAME`);
    });
  });
});
