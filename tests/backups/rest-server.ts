import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { servedDigest, servedPassword } from "../../components/served-password";
import { repositoryServer } from "../../mover/repository/server";

/**
 * The server that a stack runs for a volume; the arguments are its directory and, where it takes no file away but a
 * lock, as rclone and rest-server can be told, `append-only`. It prints its address.
 */
function main([directory = "", mode]: string[]): void {
  const server = repositoryServer({ directory, accepted: [servedDigest("right")] });
  const [answer] = server.listeners("request") as [RequestListener];
  server.removeAllListeners("request").on("request", (request, response) => {
    const removes = request.method === "DELETE" && !request.url?.startsWith("/locks/");
    if (mode === "append-only" && removes) response.writeHead(403).end();
    else answer(request, response);
  });
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`rest:http://cluster:${servedPassword("right")}@127.0.0.1:${port}/\n`);
  });
}

main(process.argv.slice(2));
