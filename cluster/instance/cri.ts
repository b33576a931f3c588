import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { BinaryReader, BinaryWriter } from "google-protobuf";

const SERVICE = "/runtime.v1.RuntimeService/";
const RUNNING = 1;

/**
 * Asks containerd to stop all containers: each gets its image's stop signal and `seconds` to end.
 * The three messages are small enough to be written out; field numbers are those of the CRI's v1.
 */
export async function stopContainers(socket: string, seconds: number): Promise<void> {
  const client = new Client(`unix:${socket}`, credentials.createInsecure());
  const call = (method: string, message: BinaryWriter, limit: number) =>
    new Promise<Uint8Array>((resolve, reject) => {
      const done = (error: ServiceError | null, value?: Buffer) => (error ? reject(error) : resolve(value ?? Buffer.alloc(0)));
      const identity = (bytes: Buffer) => bytes;
      client.makeUnaryRequest(SERVICE + method, identity, identity, Buffer.from(message.getResultBuffer()), { deadline: Date.now() + limit * 1000 }, done);
    });
  try {
    const containers = readContainers(await call("ListContainers", new BinaryWriter(), 5));
    const running = containers.filter(({ state }) => state === RUNNING);
    await Promise.allSettled(running.map(({ id }) => call("StopContainer", stopRequest(id, seconds), seconds + 5)));
  } finally {
    client.close();
  }
}

function stopRequest(id: string, seconds: number): BinaryWriter {
  const message = new BinaryWriter();
  message.writeString(1, id);
  message.writeInt64(2, seconds);
  return message;
}

/** ListContainersResponse: field 1 repeats Container, whose field 1 is the id and 6 the state. */
export function readContainers(bytes: Uint8Array): { id: string; state: number }[] {
  const containers: { id: string; state: number }[] = [];
  const response = new BinaryReader(bytes);
  while (response.nextField()) {
    if (response.isEndGroup() || response.getFieldNumber() !== 1) {
      response.skipField();
      continue;
    }
    const container = { id: "", state: 0 };
    const reader = new BinaryReader(response.readBytes() as Uint8Array);
    while (reader.nextField()) {
      if (reader.getFieldNumber() === 1) container.id = reader.readString();
      else if (reader.getFieldNumber() === 6) container.state = reader.readEnum();
      else reader.skipField();
    }
    containers.push(container);
  }
  return containers;
}
