// The way out for image pulls. An instance's network reaches nothing but the machine, whose forwarding and
// firewall stay as they are; so this runs in the machine's network, among the instance's processes, and
// carries what containerd asks for: `CONNECT name:443` to names outside, for its own instance, and nothing else.
// Arguments: address and port to listen on, and the instance's address, which alone may connect.
// HTTPS_PROXY: the proxy that the machine itself must use, if any.
import { request } from "node:http";
import { wayOut } from "./way-out.mjs";

const NOBODY = 65534;
const [address, port, client = ""] = process.argv.slice(2);
const upstream = process.env.HTTPS_PROXY ? new URL(process.env.HTTPS_PROXY) : undefined;

const server = wayOut(client, upstream && { through: (name) => openThrough(upstream, `${name}:443`) });
server.listen(Number(port), address, becomeNobody);

/** What it does needs no rights. Where root may not change its number, as in some containers, it stays root. */
function becomeNobody() {
  if (process.getuid?.() !== 0) return;
  try {
    process.setgroups?.([]);
    process.setgid?.(NOBODY);
    process.setuid?.(NOBODY);
  } catch (error) {
    console.error(`It goes on as root, because it can't become nobody: ${/** @type {Error} */ (error).message}`);
  }
}

/** @type {(proxy: URL, target: string) => Promise<import("node:net").Socket>} */
function openThrough(proxy, target) {
  const credentials =
    proxy.username &&
    Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString("base64");
  const headers = { host: target, ...(credentials ? { "proxy-authorization": `Basic ${credentials}` } : {}) };
  return new Promise((resolve, reject) => {
    const asked = request({ host: proxy.hostname, port: proxy.port || 80, method: "CONNECT", path: target, headers });
    asked.once("connect", (response, socket) =>
      response.statusCode === 200
        ? resolve(/** @type {import("node:net").Socket} */ (socket))
        : reject(new Error(`the machine's proxy said ${response.statusCode}`)),
    );
    asked.once("error", reject);
    asked.end();
  });
}
