import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { makeTrees, removeTrees, runCopy, type Serving, type Trees } from "./tree";

interface Scene {
  trees: Trees;
  serving?: Serving;
  between?: Server;
}

/** Two trees, and what serves the first one, anew for each test. */
export function useServedTrees() {
  const scene: Scene = { trees: { root: "", source: "", target: "" } };
  beforeEach(() => (scene.trees = makeTrees()));
  afterEach(() => {
    scene.serving?.stop();
    scene.between?.close();
    [scene.serving, scene.between] = [undefined, undefined];
    removeTrees(scene.trees);
  });

  const copyFrom = (remote: Serving["remote"], env: NodeJS.ProcessEnv = {}) =>
    runCopy("copy", scene.trees, { remote, env: { COPY_PATIENCE: "0", ...env } });
  const large = () => writeFileSync(join(scene.trees.source, "large"), Buffer.alloc(64 * 1024 * 1024, "large"));

  /** A way to the server on which `onData` sees what it sends. */
  async function wayTo(
    { remote }: Serving,
    onData: (data: Buffer, client: Socket) => Buffer,
  ): Promise<Serving["remote"]> {
    scene.between = createServer((client) => {
      const upstream = connect(remote.port, remote.host);
      client.pipe(upstream);
      upstream.on("data", (data: Buffer) => client.write(onData(data, client)));
      for (const socket of [client, upstream])
        socket.on("error", () => undefined).on("close", () => [client, upstream].forEach((each) => each.destroy()));
    }).listen(0, "127.0.0.1");
    await once(scene.between, "listening");
    return { ...remote, port: (scene.between.address() as AddressInfo).port };
  }

  return Object.assign(scene, { copyFrom, large, wayTo });
}
