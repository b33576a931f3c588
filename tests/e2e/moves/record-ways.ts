import type { WorkloadRef } from "../../../kube/pods";
import { catalogue } from "../../../services/catalogue";
import { localImagesOf } from "../../../services/shared/local-image";

/** How a service takes numbered records, and how it lists those that it has. */
export interface Way {
  /** `{number}` stands for the record's number. */
  write: { method: string; url: string; headers: Record<string, string>; body: string };
  /** A command in its container that prints each record's number on a line of its own. */
  list: string[];
}

const images = localImagesOf(catalogue, false);

/** The way of a service, by its own interface where it is real. `run` runs a command in its container. */
export async function wayOf(
  name: string,
  { workload, namespace }: WorkloadRef,
  run: (command: string[]) => Promise<string>,
): Promise<Way> {
  const at = (port: number) => `http://${workload}.${namespace}.svc:${port}`;
  const image = images.get(name)!;
  if ("standIn" in image) {
    const { http, data } = image.standIn;
    const url = `${at(http)}/stand-in/records/{number}`;
    return { write: put(url), list: ["ls", `${data}/stand-in/records`] };
  }
  if (name === "taskflow") return { write: put(`${at(8080)}/{number}`), list: ["ls", "/data"] };
  if (name === "neo4j") return neo4j(at(7474), await run(["sh", "-c", 'printf %s "$NEO4J_AUTH"']));
  throw new Error(`nobody has said how ${name} takes records`);
}

const put = (url: string): Way["write"] => ({ method: "PUT", url, headers: {}, body: "{number}" });

const neo4j = (address: string, auth: string): Way => ({
  write: {
    method: "POST",
    url: `${address}/db/neo4j/tx/commit`,
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(auth.replace("/", ":")).toString("base64")}`,
    },
    body: '{"statements":[{"statement":"CREATE (:Record {number: {number}})"}]}',
  },
  list: [
    "sh",
    "-c",
    `export NEO4J_USERNAME=neo4j NEO4J_PASSWORD="\${NEO4J_AUTH#neo4j/}"
cypher-shell -a bolt://127.0.0.1:7687 --format plain "MATCH (r:Record) RETURN r.number"`,
  ],
});
