import { EMPTY, encodedAnswer, type TwinAnswer } from "../answer.ts";
import type { ApiCall, SidecarState } from "./call.ts";

/** `GET /v1.0/metadata`. */
export function getMetadata({ sidecar }: ApiCall): TwinAnswer {
  const { id, runtimeVersion, enabledFeatures, components, extended, ...others } = describeSidecar(sidecar);
  return encodedAnswer({
    id,
    runtimeVersion,
    enabledFeatures,
    components,
    extended: new Map(Object.entries(extended)),
    ...others,
  });
}

/** What both APIs, HTTP and gRPC, say of the sidecar; `undefined` where there is nothing. */
export function describeSidecar(sidecar: SidecarState) {
  const { facts, components, extendedMetadata } = sidecar;
  const registered = components.all.map((component) => {
    const capabilities = components.capabilitiesOf(component);
    return {
      name: component.name,
      type: component.type,
      version: component.version,
      capabilities: capabilities.length === 0 ? undefined : capabilities,
    };
  });
  return {
    id: sidecar.appId,
    runtimeVersion: facts.version,
    enabledFeatures: facts.enabledFeatures,
    components: registered.length === 0 ? undefined : registered,
    extended: Object.fromEntries([...extendedMetadata, ["daprRuntimeVersion", facts.version]]),
    appConnectionProperties: { port: sidecar.appPort, protocol: "http", channelAddress: "127.0.0.1" },
    actorRuntime: { ...actorRuntime(sidecar) },
    resiliencies:
      sidecar.resiliencies.length === 0 ? undefined : sidecar.resiliencies.map((name) => ({ name })),
  };
}

function actorRuntime({ facts, phase, components }: SidecarState) {
  if (phase === "waiting-for-app") return facts.actorRuntime.waiting;
  return components.all.some((component) => components.capabilitiesOf(component).includes("ACTOR"))
    ? facts.actorRuntime.withActorStore
    : facts.actorRuntime.without;
}

/** `PUT /v1.0/metadata/{key}`. */
export function putMetadata({ sidecar, parameters, request }: ApiCall): TwinAnswer {
  sidecar.extendedMetadata.set(parameters["key"] ?? "", Buffer.from(request.body).toString("utf8"));
  return EMPTY;
}

/** `POST /v1.0/shutdown`: answered before the port closes. */
export function shutdown({ sidecar }: ApiCall): TwinAnswer {
  sidecar.phase = "shutting-down";
  return EMPTY;
}
