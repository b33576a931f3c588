import type { ServiceSpec } from "../model/service-spec";
import { flowise } from "./flowise";
import { n8n } from "./n8n";
import { neo4j } from "./neo4j";
import { postgres } from "./postgres";
import { qdrant } from "./qdrant";
import { redis } from "./redis";
import { searxng } from "./searxng";
import { taskflow } from "./taskflow";
import { taskflowDb } from "./taskflow-db";

/** Every service that a stack can name, by that name. */
export const catalogue: ReadonlyMap<string, ServiceSpec> = new Map(
  [redis, flowise, searxng, postgres, qdrant, neo4j, n8n, taskflow, taskflowDb].map((service) => [
    service.name,
    service,
  ]),
);
