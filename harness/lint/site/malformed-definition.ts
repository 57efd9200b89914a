import type { Rule } from "../rule.ts";

export const malformedDefinition: Rule = {
  id: "SC001",
  name: "malformed-definition",
  severity: "error",
  title: "A file of the site is malformed, or says something that a site can't be.",
  reason:
    "What can't be read can't be deployed, or is deployed as something else: a key with a typing error is passed over in silence.",
  source: "A1.1–A1.9, A1.14, A1.16",
  remedy: "Correct the place that the finding names.",
  example:
    'siteContainers:\n  - name: main\n    properties: { image: "shop/main:1", isMain: "yes", tagetPort: 80 }\n',
  // Reading reports these; every problem that names no more exact rule breaks this one.
  check: () => [],
};
