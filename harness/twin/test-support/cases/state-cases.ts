import { get, post, single, type CaseRequest, type ParityCase } from "../parity-case.ts";

const STORE = "/v1.0/state/store";

const remove = (target: string, headers?: CaseRequest["headers"]): CaseRequest => ({
  method: "DELETE",
  target,
  ...(headers === undefined ? {} : { headers }),
});

const save = (states: unknown): CaseRequest => post(STORE, states);
const transact = (body: unknown): CaseRequest => post(`${STORE}/transaction`, body);

export const STATE_CASES: readonly ParityCase[] = [
  ...[
    get(`${STORE}/none`),
    save(""),
    save("{}"),
    save("[]"),
    save([{ value: 1 }]),
    save([{ key: 5 }]),
    save([{ key: "x||y", value: 1 }]),
    get(`${STORE}/x%7C%7Cy`),
    save([{ key: "a", value: 2, etag: 5 }]),
    save([{ key: "a", options: [] }]),
    save([{ key: "a", value: 2, options: { concurrency: "bogus" } }]),
    save([{ key: "a", value: 2, options: { consistency: "bogus" } }]),
    save([{ key: "a", value: 2, metadata: { ttlInSeconds: "x" } }]),
    save([{ key: "absent", value: 2, etag: "wrong" }]),
    post(`${STORE}/bulk`, { keys: [] }),
    post(`${STORE}/bulk`, ""),
    post(`${STORE}/bulk`, { keys: "a" }),
    post(`${STORE}/bulk`, { parallelism: "x" }),
    transact(""),
    transact({ operations: [] }),
    transact({ operations: [{ operation: "frob", request: { key: "t1" } }] }),
    transact({ operations: 5 }),
    transact({ operations: [{ operation: "upsert", request: { key: "t", value: 1, etag: "wrong" } }] }),
    post("/v1.0-alpha1/state/store/query", {}),
    get("/v1.0/state/nope/a"),
    post("/v1.0/state/nope", []),
    post("/v1.0/state/nope/bulk", { keys: [] }),
    post("/v1.0/state/nope/transaction", {}),
    remove("/v1.0/state/nope/a"),
    post("/v1.0-alpha1/state/nope/query", {}),
    get("/v1.0/state/scoped-elsewhere/a"),
    get(STORE),
    { method: "PATCH", target: STORE },
    get(`${STORE}/bulk`),
    get(`${STORE}/a/b`),
    get(`${STORE}/a%2Fb`),
    remove(`${STORE}/absent`, { "if-match": "wrong" }),
    remove(`${STORE}/absent`),
    remove(`${STORE}/absent?consistency=bogus`),
  ].map((request) => single(request)),
  {
    name: "state: saved, got, deleted",
    requests: [
      save([
        { key: "a", value: { z: 1, a: "<" } },
        { key: "b", value: "text" },
        { key: "n", value: null },
        { key: "no value" },
      ]),
      ...[
        "a",
        "b",
        "n",
        "no%20value",
        "no+value",
        "a?consistency=strong&metadata.x=1",
        "a?consistency=bogus",
      ].map((key) => get(`${STORE}/${key}`)),
      post(`${STORE}/bulk`, { keys: ["a", "b", "zz", "n"], parallelism: 2 }),
      { method: "PUT", target: `${STORE}/bulk`, body: { keys: ["a"] } },
      save([{ key: "a", value: 2, etag: "wrong" }]),
      save([{ key: "a", value: 2, options: { concurrency: "first-write" } }]),
      save([{ key: "a", value: 3, options: { concurrency: "last-write", consistency: "eventual" } }]),
      get(`${STORE}/a`),
      remove(`${STORE}/a`, { "if-match": "wrong" }),
      remove(`${STORE}/a?concurrency=first-write`),
      remove(`${STORE}/a`),
      get(`${STORE}/a`),
    ],
  },
  {
    name: "state: numbers, any case of names, keys without a prefix",
    requests: [
      post(STORE, '[{"KEY":"d","VALUE":12345678901234567891}]'),
      get(`${STORE}/d`),
      post("/v1.0/state/bare-keys", [{ key: "k", value: [1] }]),
      get("/v1.0/state/bare-keys/k"),
      post("/v1.0/state/bare-keys", [{ key: "k", value: 1, etag: "wrong" }]),
      { method: "PUT", target: "/v1.0/state/bare-keys", body: [{ key: "k", value: true }] },
      get("/v1.0/state/bare-keys/k"),
    ],
  },
  {
    name: "state that expires",
    requests: [
      save([{ key: "t", value: 2, metadata: { ttlInSeconds: "100" } }]),
      get(`${STORE}/t`),
      post(`${STORE}/bulk`, { keys: ["t"] }),
      save([{ key: "t", value: 2, metadata: { ttlInSeconds: "-1" } }]),
      get(`${STORE}/t`),
      post(`${STORE}?metadata.ttlInSeconds=50`, [{ key: "t2", value: 2 }]),
      get(`${STORE}/t2`),
    ],
  },
  {
    name: "state in a transaction: all or nothing",
    requests: [
      save([{ key: "tb", value: 1 }]),
      transact({
        operations: [
          { operation: "upsert", request: { key: "ta", value: { b: 1, a: 2 } } },
          { operation: "delete", request: { key: "tb" } },
        ],
      }),
      get(`${STORE}/ta`),
      get(`${STORE}/tb`),
      transact({
        operations: [
          { operation: "upsert", request: { key: "tc", value: 1 } },
          { operation: "delete", request: { key: "ta", etag: "wrong" } },
        ],
      }),
      get(`${STORE}/tc`),
      transact({
        operations: [{ operation: "upsert", request: { key: "ta", value: "s" } }],
        metadata: { ttlInSeconds: "10" },
      }),
      get(`${STORE}/ta`),
    ],
  },
];
