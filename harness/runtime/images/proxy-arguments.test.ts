import { expect, test } from "vitest";
import { proxyArguments } from "./proxy-arguments.ts";

test("proxyArguments takes the proxies in both spellings and nothing else", () => {
  expect(
    proxyArguments({
      HTTP_PROXY: "http://proxy.example:3128",
      no_proxy: "localhost",
      https_proxy: "",
      NODE_EXTRA_CA_CERTS: "/ca.pem",
      SSL_CERT_FILE: "/ca.pem",
    }),
  ).toEqual({ HTTP_PROXY: "http://proxy.example:3128", no_proxy: "localhost" });
});
