import type { Rule } from "../rule.ts";
import { placeOf, settingOf } from "./site-view.ts";

const REMEDY = "Pull by the identity: authType SystemIdentity or UserAssigned, with the role AcrPull.";

export const passwordAsLiteral: Rule = {
  id: "SC018",
  name: "password-as-literal",
  severity: "warning",
  title: "A registry's password is written out in passwordSecret.",
  reason: "Whoever reads the file or the deployment's history can pull, and often push, the site's images.",
  source: "A1.6",
  remedy: REMEDY,
  example:
    "siteContainers:\n  - name: main\n    properties:\n      image: example.azurecr.io/main:1\n      isMain: true\n      targetPort: 80\n      authType: UserCredentials\n      userName: shop\n      passwordSecret: correct-horse\n",
  *check({ site }) {
    if (site === undefined) return;
    for (const { name, properties } of site.definition.siteContainers) {
      const password = properties.passwordSecret ?? "";
      const standsFor = /^(?:@Microsoft\.KeyVault\(|\[|<|\$\{)/i.test(password) || /^\*+$/.test(password);
      if (password === "" || standsFor || settingOf(site, password) !== undefined) continue;
      yield {
        place: placeOf(site, "siteContainers", name, "passwordSecret"),
        message: `the password that "${name}" is pulled with is written out.`,
        remedy: REMEDY,
      };
    }
  },
};
