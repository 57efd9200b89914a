import { expect, test } from "vitest";
import { standInFor } from "./upstream-images.ts";

test.each([
  ["debian:bookworm-slim", { kind: "debian", version: "bookworm-slim" }],
  ["node:24-bookworm-slim", { kind: "node", version: "24-bookworm-slim" }],
  ["mcr.microsoft.com/azure-storage/azurite:3.37.0", { kind: "azurite", version: "3.37.0" }],
  ["envoyproxy/envoy:v1.40.0", { kind: "envoy", version: "v1.40.0" }],
  ["ghcr.io/shopify/toxiproxy:2.12.0", { kind: "toxiproxy", version: "2.12.0" }],
  ["daprio/daprd:1.18.2", { kind: "daprd", version: "1.18.2" }],
  ["docker.io/daprio/daprd:1.14.4", { kind: "daprd", version: "1.14.4" }],
])("%s has a stand-in", (reference, standIn) => {
  expect(standInFor(reference)).toEqual(standIn);
});

test.each([
  "debian:trixie-slim",
  "node:22-bookworm-slim",
  "envoyproxy/envoy:v1.39.0",
  "ghcr.io/shopify/toxiproxy:2.11.0",
  "daprio/daprd:latest",
  "daprio/dapr:1.18.2",
  "registry.example/daprio/daprd:1.18.2",
])("%s has none: a stand-in never pretends to be something else", (reference) => {
  expect(standInFor(reference)).toBeUndefined();
});
