import { execa } from "execa";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canPull, importImages, restartComponent, runningInstance } from "../../../local-cluster/instance/instance";
import { enter } from "../../../local-cluster/instance/namespaces";
import { startFakeRegistry } from "../fake-registry";
import { name, type InstanceUnderTest } from "./under-test";

/** What the cluster does for pods: images, names and Pod Security. */
export function testPods(cluster: InstanceUnderTest): void {
  it("runs a pod of an imported image, and imports it once", async () => {
    await importImages(name, cluster.archives);
    const noted = readFileSync(join(cluster.info.dir, "imported.json"), "utf8");
    const begun = Date.now();
    await importImages(name, cluster.archives);
    assert.ok(Date.now() - begun < 1000, "a second import finds everything there");
    assert.equal(readFileSync(join(cluster.info.dir, "imported.json"), "utf8"), noted);
    await cluster.accountMade();
    await cluster.kubectl(["apply", "-f", "-"], cluster.writer());
    await cluster.podReady();
    assert.deepEqual(cluster.volumeLog(), ["started"]);
  });

  it("resolves services by name in pods, and says at once that other names don't exist", async () => {
    const lookUp = async (host: string) =>
      (
        await execa(
          join(cluster.tools.bin, "kubectl"),
          ["--kubeconfig", cluster.info.kubeconfig, "exec", "writer", "--", "busybox", "nslookup", host],
          { reject: false },
        )
      ).stdout;
    assert.match(await lookUp("kubernetes.default.svc.cluster.local"), /Address: 10\.96\.0\.1\b/);
    const begun = Date.now();
    assert.match(await lookUp("example.com"), /NXDOMAIN/);
    assert.ok(Date.now() - begun < 3000);
  });

  it("enforces Pod Security where a namespace asks for it", async () => {
    await cluster.kubectl(["create", "namespace", "strict"]);
    await cluster.kubectl(["label", "namespace", "strict", "pod-security.kubernetes.io/enforce=restricted"]);
    await assert.rejects(
      cluster.kubectl(["--namespace", "strict", "apply", "-f", "-"], cluster.writer()),
      /violates PodSecurity "restricted:latest"/,
    );
  });

  it("does nothing in under a second where it runs well", async () => {
    const was = cluster.numbers();
    const times: number[] = [];
    for (let attempt = 0; attempt < 5; attempt++) {
      const begun = Date.now();
      assert.deepEqual(await cluster.start(), cluster.info);
      times.push(Date.now() - begun);
    }
    assert.ok(Math.min(...times) < 1000, `took ${times.join(", ")} ms`);
    assert.deepEqual(cluster.numbers(), was);
  });

  it("answers whether a catalogue image can be pulled, and leaves no probe behind", async () => {
    assert.equal(typeof (await canPull(cluster.info)), "boolean");
    assert.equal(await cluster.kubectl(["get", "pods", "-o", "name"]), "pod/writer");
  });

  it("has a way out that leads to nothing of the machine, and is nobody else's", async () => {
    const { layout, init } = runningInstance(name);
    const url = `http://${layout.addresses.host}:3128`;
    const ask =
      `require("http").request({ host: "${layout.addresses.host}", port: 3128, method: "CONNECT", ` +
      'path: process.argv[1] }).on("connect", ({ statusCode }, socket) => socket.end(console.log(statusCode))).end()';
    const asked = (target: string) => enter(init, [process.execPath, "-e", ask, target]);
    for (const target of ["127.0.0.1:443", "localhost:443", `${layout.addresses.host}:443`, "registry-1.docker.io:80"])
      assert.equal(await asked(target), "403", target);
    await assert.rejects(fetch(url), "the machine itself is a neighbour to it");
  });

  it("pulls a catalogue image through the machine, where there is a registry", async () => {
    const directory = await mkdtemp(join(tmpdir(), "registry-"));
    const registry = await startFakeRegistry(directory);
    const was = { HTTPS_PROXY: process.env.HTTPS_PROXY, SSL_CERT_FILE: process.env.SSL_CERT_FILE };
    const renew = async () => {
      await cluster.start();
      for (const component of ["egress", "containerd"] as const) await restartComponent(name, component);
    };
    try {
      Object.assign(process.env, { HTTPS_PROXY: registry.proxy, SSL_CERT_FILE: registry.authority });
      await renew();
      assert.equal(await canPull(cluster.info), true);
      assert.deepEqual([...new Set(registry.asked)], ["library/busybox:1.37.0"]);
    } finally {
      for (const [variable, value] of Object.entries(was)) {
        if (value === undefined) delete process.env[variable];
        else process.env[variable] = value;
      }
      registry.close();
      await renew();
      await rm(directory, { recursive: true });
    }
    assert.equal(await cluster.kubectl(["get", "pods", "-o", "name"]), "pod/writer");
  });
}
