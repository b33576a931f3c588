import * as plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { checkResponse, diffResponse, failureMessage } from "./answers";
import type { Engine } from "./engine";
import type { Autonaming, DiffRequest, Provider } from "./provider";
import { decode, encode } from "./wire";

// The request's class depends on the method, which the map's type can't say.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Handler = (request: any) => Promise<unknown>;

/** The protocol's methods, translated to and from the provider's plain values. */
export function handlers(provider: Provider, engine: Engine): Record<string, Handler> {
  return { ...sessionHandlers(provider, engine), ...resourceHandlers(provider) };
}

function sessionHandlers(provider: Provider, engine: Engine): Record<string, Handler> {
  return {
    async handshake(request: messages.ProviderHandshakeRequest) {
      engine.connect(request.getEngineAddress());
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    },
    async attach(request: plugin.PluginAttach) {
      engine.connect(request.getAddress());
      return new Empty();
    },
    async getPluginInfo() {
      const info = new plugin.PluginInfo();
      info.setVersion(provider.version);
      return info;
    },
    async getSchema() {
      const response = new messages.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    },
    async checkConfig(request: messages.CheckRequest) {
      const failures = (await provider.checkConfig?.(request.getUrn(), decode(request.getNews()))) ?? [];
      return checkResponse(decode(request.getNews()), failures);
    },
    async diffConfig(request: messages.DiffRequest) {
      const olds = decode(request.getOldInputs() ?? request.getOlds());
      const result = await provider.diffConfig?.(olds, decode(request.getNews()));
      return diffResponse(result ?? { changes: [], deleteBeforeReplace: false });
    },
    async configure(request: messages.ConfigureRequest) {
      await provider.configure(decode(request.getArgs()), engine);
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    },
    async cancel() {
      provider.cancel();
      return new Empty();
    },
  };
}

function resourceHandlers(provider: Provider): Record<string, Handler> {
  return {
    async check(request: messages.CheckRequest) {
      const { inputs, failures } = await provider.check({
        urn: request.getUrn(),
        olds: decode(request.getOlds()),
        news: decode(request.getNews()),
        randomSeed: request.getRandomseed_asU8(),
        autonaming: autonaming(request.getAutonaming()),
      });
      return checkResponse(inputs, failures);
    },
    async diff(request: messages.DiffRequest) {
      return diffResponse(await provider.diff(diffRequest(request)));
    },
    async create(request: messages.CreateRequest) {
      const { id, outputs } = await provider.create({
        urn: request.getUrn(),
        inputs: decode(request.getProperties()),
        timeout: request.getTimeout(),
        preview: request.getPreview(),
      });
      const response = new messages.CreateResponse();
      response.setId(id);
      response.setProperties(encode(outputs));
      return response;
    },
    async read(request: messages.ReadRequest) {
      const response = new messages.ReadResponse();
      const found = await provider.read({
        id: request.getId(),
        urn: request.getUrn(),
        state: decode(request.getProperties()),
        inputs: decode(request.getInputs()),
      });
      if (found) {
        response.setId(found.id);
        response.setProperties(encode(found.outputs));
        response.setInputs(encode(found.inputs));
      }
      return response;
    },
    async update(request: messages.UpdateRequest) {
      const outputs = await provider.update({
        ...diffRequest(request),
        timeout: request.getTimeout(),
        preview: request.getPreview(),
      });
      const response = new messages.UpdateResponse();
      response.setProperties(encode(outputs));
      return response;
    },
    async delete(request: messages.DeleteRequest) {
      await provider.delete({
        id: request.getId(),
        urn: request.getUrn(),
        state: decode(request.getProperties()),
        timeout: request.getTimeout(),
      });
      return new Empty();
    },
    async construct(request: messages.ConstructRequest) {
      throw new Error(`${request.getType()} is a component that only the official plugin has`);
    },
    async call(request: messages.CallRequest) {
      throw new Error(`${request.getTok()} is a method that only the official plugin has`);
    },
    async invoke(request: messages.InvokeRequest) {
      const { result, failures } = await provider.invoke({
        token: request.getTok(),
        args: decode(request.getArgs()),
      });
      const response = new messages.InvokeResponse();
      response.setReturn(encode(result));
      response.setFailuresList(failures.map(failureMessage));
      return response;
    },
  };
}

function diffRequest(request: messages.DiffRequest | messages.UpdateRequest): DiffRequest {
  return {
    id: request.getId(),
    urn: request.getUrn(),
    olds: decode(request.getOlds()),
    oldInputs: decode(request.getOldInputs()),
    news: decode(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

function autonaming(options: messages.CheckRequest.AutonamingOptions | undefined): Autonaming | undefined {
  if (!options) return undefined;
  const modes = messages.CheckRequest.AutonamingOptions.Mode;
  const proposedName = options.getProposedName();
  switch (options.getMode()) {
    case modes.DISABLE:
      return { mode: "disable", proposedName };
    case modes.ENFORCE:
      return { mode: "enforce", proposedName };
    default:
      return { mode: "propose", proposedName };
  }
}
