import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { BinaryReader, BinaryWriter } from "google-protobuf";

const SERVICE = "/runtime.v1.RuntimeService/";
const RUNNING = 1;

type Call = (method: string, message: BinaryWriter, seconds: number) => Promise<Uint8Array>;

/** The ids of the running containers. */
export async function runningContainers(socket: string): Promise<string[]> {
  return connected(socket, listRunning);
}

/** Asks containerd to stop all containers: each gets its image's stop signal and `seconds` to end. */
export async function stopContainers(socket: string, seconds: number): Promise<void> {
  await connected(socket, async (call) => {
    const ids = await listRunning(call);
    await Promise.allSettled(ids.map((id) => call("StopContainer", stopRequest(id, seconds), seconds + 5)));
  });
}

/** The messages are small enough to be written out here; field numbers are those of the CRI's v1. */
async function connected<T>(socket: string, work: (call: Call) => Promise<T>): Promise<T> {
  const client = new Client(`unix:${socket}`, credentials.createInsecure());
  const same = (bytes: Buffer) => bytes;
  const call: Call = (method, message, seconds) =>
    new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, value?: Buffer) =>
        error ? reject(error) : resolve(value ?? Buffer.alloc(0));
      client.makeUnaryRequest(
        SERVICE + method,
        same,
        same,
        Buffer.from(message.getResultBuffer()),
        { deadline: Date.now() + seconds * 1000 },
        done,
      );
    });
  try {
    return await work(call);
  } finally {
    client.close();
  }
}

async function listRunning(call: Call): Promise<string[]> {
  const containers = readContainers(await call("ListContainers", new BinaryWriter(), 5));
  return containers.filter(({ state }) => state === RUNNING).map(({ id }) => id);
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
