// The way out for image pulls. An instance's network reaches nothing but the machine, whose forwarding and
// firewall stay as they are; so this runs in the machine's network, among the instance's processes, and
// carries what containerd asks for: `CONNECT name:port` and nothing else.
// Arguments: address and port to listen on. HTTPS_PROXY: the proxy that the machine itself must use, if any.
import { createServer, request } from "node:http";
import { connect } from "node:net";

const [address, port] = process.argv.slice(2);
const upstream = process.env.HTTPS_PROXY ? new URL(process.env.HTTPS_PROXY) : undefined;

const server = createServer((_request, response) => response.writeHead(405).end("CONNECT only\n"));
server.on("connect", (asked, client, head) => {
  client.on("error", () => client.destroy());
  open(asked.url ?? "", (error, remote) => {
    if (error || !remote) return void client.end(`HTTP/1.1 502 Bad Gateway\r\n\r\n${error?.message ?? ""}\n`);
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    remote.write(head);
    remote
      .on("error", () => client.destroy())
      .on("close", () => client.destroy())
      .pipe(client);
    client.on("close", () => remote.destroy()).pipe(remote);
  });
});
server.listen(Number(port), address);

/**
 * @param {string} target name:port
 * @param {(error: Error | undefined, socket?: import("node:net").Socket) => void} done called once
 */
function open(target, done) {
  if (upstream) return openThrough(upstream, target, done);
  const url = `tcp://${target}`;
  if (!URL.canParse(url)) return done(new Error("not a name and a port"));
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });
  socket.once("connect", () => done(undefined, socket.off("error", done)));
  socket.once("error", done);
}

/** @type {(proxy: URL, target: string, done: Parameters<typeof open>[1]) => void} */
function openThrough(proxy, target, done) {
  const credentials =
    proxy.username &&
    Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString("base64");
  const headers = { host: target, ...(credentials ? { "proxy-authorization": `Basic ${credentials}` } : {}) };
  const asked = request({ host: proxy.hostname, port: proxy.port || 80, method: "CONNECT", path: target, headers });
  asked.once("connect", (response, socket) =>
    response.statusCode === 200
      ? done(undefined, socket)
      : done(new Error(`the machine's proxy said ${response.statusCode}`)),
  );
  asked.once("error", done);
  asked.end();
}
