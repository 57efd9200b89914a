import type { Rule } from "../rule.ts";

export const portOutOfRange: Rule = {
  id: "SC005",
  name: "port-out-of-range",
  severity: "error",
  title: "A targetPort is no whole number from 1 to 65535.",
  reason:
    "The Azure CLI skips such a container and still succeeds; ARM refuses it, or no request ever arrives.",
  source: "A1.3, A1.14",
  remedy: 'Write a port, for example "8080".',
  example:
    "siteContainers:\n  - name: main\n    properties: { image: shop/main:1, isMain: true, targetPort: 99999 }\n",
  // Reading reports these: what is no port is in no definition.
  check: () => [],
};
