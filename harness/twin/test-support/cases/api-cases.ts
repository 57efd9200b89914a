import { get, post, single, type CaseRequest, type ParityCase, type SidecarName } from "../parity-case.ts";

/** Health, metadata, secrets, and the APIs that an App Service site has no component or service for. */

const TOKEN = { "dapr-api-token": "twin-token" };

const SECRETS = [
  "local-file/one",
  "local-file/nest:a",
  "local-file/nest:n",
  "local-file/nest:t",
  "local-file/nest:z",
  "local-file/nest:list:1",
  "local-file/num",
  "local-file/big",
  "local-file/missing",
  "local-file/bulk",
  "local-file/one?metadata.x=1",
  "local-values/one",
  "local-values/nest",
  "local-values/num",
  "local-values/bulk",
  "local-env/A",
  "local-env/NOPE",
  "local-env/bulk",
  "nope/one",
  "nope/bulk",
] as const;

const ACTOR = "/v1.0/actors/account/1";
const STATE = [{ operation: "upsert", request: { key: "balance", value: 1 } }];

const ACTORS: readonly CaseRequest[] = [
  { method: "PUT", target: `${ACTOR}/method/credit`, body: {} },
  get(`${ACTOR}/method/credit`),
  get(`${ACTOR}/state/balance`),
  ...[STATE, "", "x", "[]"].map((body): CaseRequest => ({ method: "PUT", target: `${ACTOR}/state`, body })),
  ...[{ dueTime: "1s" }, "", "x", { period: "nonsense" }].map((body) =>
    post(`${ACTOR}/reminders/monthly`, body),
  ),
  get(`${ACTOR}/reminders/monthly`),
  { method: "DELETE", target: `${ACTOR}/reminders/monthly` },
  post(`${ACTOR}/timers/once`, { dueTime: "1s" }),
  post(`${ACTOR}/timers/once`, "x"),
  { method: "DELETE", target: `${ACTOR}/timers/once` },
  { method: "PATCH", target: `${ACTOR}/reminders/monthly`, body: {} },
];

const WORKFLOWS: readonly CaseRequest[] = ["v1.0", "v1.0-beta1", "v1.0-alpha1"].flatMap((version) => [
  post(`/${version}/workflows/dapr/order/start?instanceID=1`, {}),
  get(`/${version}/workflows/dapr/1`),
  ...["pause", "resume", "terminate", "purge", "raiseEvent/paid"].map((action) =>
    post(`/${version}/workflows/dapr/1/${action}`, ""),
  ),
]);

const JOBS: readonly CaseRequest[] = ["/v1.0/jobs/report", "/v1.0-alpha1/jobs/report"].flatMap((target) => [
  ...[{ schedule: "@every 1s" }, { dueTime: "1s" }, { schedule: "nonsense" }, "", { name: "x" }].map((body) =>
    post(target, body),
  ),
  get(target),
  { method: "DELETE", target },
  { method: "PUT", target, body: {} },
]);

const ABSENT: readonly CaseRequest[] = [
  get("/v1.0/configuration/nope"),
  get("/v1.0-alpha1/configuration/nope?key=a"),
  get("/v1.0/configuration/nope/subscribe"),
  get("/v1.0/configuration/nope/1/unsubscribe"),
  post("/v1.0-alpha1/lock/nope", { resourceId: "a", lockOwner: "b", expiryInSeconds: 5 }),
  post("/v1.0-alpha1/lock/nope", ""),
  post("/v1.0-alpha1/unlock/nope", { resourceId: "a", lockOwner: "b" }),
  { method: "PUT", target: "/v1.0-alpha1/crypto/nope/encrypt", body: "x" },
  { method: "PUT", target: "/v1.0-alpha1/crypto/nope/decrypt", body: "x" },
  ...["getkey", "encrypt", "decrypt", "wrapkey", "unwrapkey", "sign", "verify"].map((operation) =>
    post(`/v1.0-alpha1/subtlecrypto/nope/${operation}`, {}),
  ),
  post("/v1.0/publish/nope/topic", {}),
  post("/v1.0/publish/nope/topic/with/more", {}),
  post("/v1.0/publish/nope/", "x"),
  post("/v1.0/publish/bulk/nope/topic", "[]"),
  post("/v1.0-alpha1/publish/bulk/nope/topic", "[]"),
  post("/v1.0-alpha1/conversation/nope/converse", {}),
  post("/v1.0-alpha2/conversation/nope/converse", {}),
];

function all(requests: readonly CaseRequest[], sidecar?: SidecarName): ParityCase[] {
  return requests.map((request) => single(request, sidecar));
}

export const API_CASES: readonly ParityCase[] = [
  ...all([
    get("/v1.0/healthz"),
    get("/v1.0/healthz/outbound"),
    get("/v1.0/healthz?appid=main"),
    get("/v1.0/healthz?appid=other"),
    post("/v1.0/healthz", ""),
    { method: "HEAD", target: "/v1.0/healthz" },
    post("/v1.0/metadata", ""),
    ...SECRETS.map((path) => get(`/v1.0/secrets/${path}`)),
    post("/v1.0/secrets/local-file/one", {}),
    ...ABSENT,
    ...ACTORS,
    ...WORKFLOWS,
    ...JOBS,
  ]),
  {
    name: "metadata: components in their order, and what is put",
    requests: [
      get("/v1.0/metadata"),
      { method: "PUT", target: "/v1.0/metadata/color", body: "blue & <green>" },
      { method: "PUT", target: "/v1.0/metadata/a%20key", body: "" },
      { method: "PUT", target: "/v1.0/metadata/daprRuntimeVersion", body: "9" },
      get("/v1.0/metadata"),
    ],
  },
  ...all(
    [
      get("/v1.0/healthz"),
      get("/v1.0/healthz/outbound"),
      get("/v1.0/metadata"),
      get("/v1.0/metadata", { "dapr-api-token": "wrong" }),
      get("/v1.0/metadata", TOKEN),
      get("/nope"),
      get("/nope", TOKEN),
      post("/v1.0/healthz", ""),
      get("//v1.0/healthz/"),
      get("/v1.0/./healthz"),
      get("/v1.0/secrets/nope/one", TOKEN),
      get("/v1.0/state/nope/one", TOKEN),
      post("/v1.0/state/nope", [], TOKEN),
      post("/v1.0-alpha1/state/nope/query", {}, TOKEN),
      post("/v1.0/bindings/blob", { operation: "create", data: "x", metadata: { blobName: "early" } }, TOKEN),
      post("/v1.0/bindings/blob", { operation: "create", data: "x" }),
      get("/v1.0/workflows/dapr/1", TOKEN),
      get("/v1.0/jobs/report", TOKEN),
      post("/v1.0/publish/nope/topic", {}, TOKEN),
    ],
    "bare",
  ),
];
