import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { SiteFiles } from "./test-support/site-files.ts";

let files: SiteFiles;

beforeEach(async () => {
  files = await SiteFiles.create();
});

afterEach(async () => {
  await files[Symbol.asyncDispose]();
});

const MAIN = { name: "main", properties: { image: "shop/main:1", isMain: true, targetPort: "9000" } };
const DAPR = { name: "dapr", properties: { image: "shop/dapr:1" } };
const SITE = { name: "shop", siteContainers: [MAIN, DAPR] };

describe("readSite: well-formed, but no site", () => {
  const properties = { image: "x", isMain: true };
  const containers = (...changes: object[]) => ({
    ...SITE,
    siteContainers: changes.map((change, index) => ({
      name: `c${index}`,
      properties: { image: "x", isMain: index === 0, ...change },
    })),
  });

  it.each([
    ["no object", 5, /the site must be an object, found 5/],
    [
      "an unknown key",
      { ...SITE, storageAccount: [] },
      /storageAccount is no known key\. Did you mean "storageAccounts"/,
    ],
    [
      "a key of another case in the site's own file",
      { ...SITE, Name: "x" },
      /Name is no known key\. Did you mean "name"/,
    ],
    ["no name", { siteContainers: [MAIN] }, /the site has no "name"/],
    ["a wrong name", { ...SITE, name: "a_b" }, /name is "a_b", which is no site name/],
    ["no containers", { name: "x", siteContainers: [] }, /no container with "isMain": true/],
    ["two mains", containers({}, { isMain: true }), /2 containers with "isMain": true \("c0", "c1"\)/],
    [
      "ten sidecars",
      containers(...Array.from({ length: 11 }, () => ({}))),
      /10 sidecars; App Service takes at most 9/,
    ],
    [
      "a wrong container name",
      { ...SITE, siteContainers: [{ name: "a.b", properties }] },
      /no container name \(A1\.10\)/,
    ],
    [
      "a container name twice",
      { ...SITE, siteContainers: [MAIN, { ...DAPR, name: "MAIN" }] },
      /siteContainers\[1\]\.name repeats the name "main"/,
    ],
    [
      "an unknown property",
      containers({ targetPorts: 1 }),
      /targetPorts is no known key\. Did you mean "targetPort"/,
    ],
    ["a property twice", containers({ Image: "y" }), /Image stands here a second time/],
    ["no image", containers({ image: null }), /properties has no "image"/],
    ["isMain as a text", containers({}, { isMain: "true" }), /isMain must be true or false, found "true"/],
    ["port 0", containers({ targetPort: 0 }), /targetPort must be a whole number from 1 to 65535, found 0/],
    ["port 65536", containers({ targetPort: "65536" }), /found "65536"/],
    ["a port that is none", containers({ targetPort: "80a" }), /found "80a"/],
    [
      "a port twice, as text and number",
      containers({ targetPort: "80" }, { targetPort: 80 }),
      /repeats the targetPort "80"/,
    ],
    ["an unknown authType", containers({ authType: "SystemIdentiy" }), /Did you mean "SystemIdentity"/],
    [
      "a variable's name with =",
      containers({ environmentVariables: [{ name: "A=1", value: "B" }] }),
      /environmentVariables\[0\]\.name has a "="/,
    ],
    [
      "a relative mount path",
      containers({ volumeMounts: [{ volumeSubPath: "a", containerMountPath: "b" }] }),
      /no absolute path/,
    ],
    [
      "an app setting twice",
      {
        ...SITE,
        appSettings: [
          { name: "a", value: "" },
          { name: "A", value: "" },
        ],
      },
      /sets "A" a second time/,
    ],
    ["a NUL in a value", { ...SITE, appSettings: { A: "\0" } }, /NUL/],
    [
      "a start limit out of range",
      { ...SITE, appSettings: { WEBSITES_CONTAINER_START_TIME_LIMIT: "5" } },
      /whole seconds from 10 to 1800, found "5"/,
    ],
    [
      "an unknown identity",
      { ...SITE, identity: { type: "SystemAsigned" } },
      /identity\.type must be one of None, SystemAssigned, UserAssigned, .*Did you mean "SystemAssigned"/,
    ],
    [
      "an identity that needs a name",
      { ...SITE, identity: { type: "UserAssigned" } },
      /identity is of the type "UserAssigned" and names no user-assigned identity/,
    ],
    ["a wrong account name", { ...SITE, storageAccounts: [{ name: "A-b" }] }, /no storage account name/],
    [
      "a container called storage beside an account",
      { ...SITE, siteContainers: [{ name: "storage", properties }], storageAccounts: [{ name: "abc" }] },
      /the storage emulator's/,
    ],
    [
      "a build of no container's image",
      { ...SITE, builds: { "shop/mian:1": { context: ".", dockerfile: "sitecar.json", include: [] } } },
      /builds\.shop\/mian:1 names no image of a site container\. Did you mean "shop\/main:1"/,
    ],
    [
      "a build without its context",
      { ...SITE, builds: { "shop/main:1": { context: "nope", dockerfile: "x", include: [] } } },
      /context names nope, where no directory is/,
    ],
    [
      "a build without its Dockerfile",
      { ...SITE, builds: { "shop/main:1": { context: ".", dockerfile: "x", include: [] } } },
      /dockerfile names x, where no file is/,
    ],
    [
      "a sidecar that is no container",
      { ...SITE, daprSidecars: [{ container: "dapper", resourcesPath: "/x" }] },
      /no such container\. Did you mean "dapr"/,
    ],
    [
      "an observed port twice",
      { ...SITE, observedPorts: [1, "1"] },
      /observedPorts\[1\] names port 1 a second time/,
    ],
  ])("refuses %s", async (_, content, expected) => {
    const message = await files.failureOf(await files.put("sitecar.json", content));
    expect(message).toMatch(/^SPEC_INVALID: 1 problem in sitecar\.json\.\n {2}sitecar\.json:\d+:\d+ /);
    expect(message).toMatch(expected);
  });

  it("tells every problem of every file at once, each with its place, line and remedy", async () => {
    await files.put(
      "spec.json",
      '[\n  { "name": "main",\n    "properties": { "targetPort": 99999,\n      "imge": "x", "isMain": true } }\n]\n',
    );
    const message = await files.failureOf(
      await files.put("sitecar.yaml", "name: a_b\nsiteContainers: spec.json\n"),
    );
    const used =
      "image, isMain, targetPort, startUpCommand, authType, userName, passwordSecret, userManagedIdentityClientId, inheritAppSettingsAndConnectionStrings, environmentVariables, volumeMounts";
    expect(message).toBe(`SPEC_INVALID: 4 problems in sitecar.yaml, spec.json.
  sitecar.yaml:1:7   name is "a_b", which is no site name.
                       name: a_b
                             ^
                       Use up to 60 letters, digits and hyphens, a letter or digit first and last.
  spec.json:3:19     siteContainers[0].properties has no "image".
                       "properties": { "targetPort": 99999,
                                     ^
                       Add "image".
  spec.json:3:35     siteContainers[0].properties.targetPort must be a whole number from 1 to 65535, found 99999.
                       "properties": { "targetPort": 99999,
                                                     ^
                       Write a port, for example "8080".
  spec.json:4:7      siteContainers[0].properties.imge is no known key. Did you mean "image"?
                       "imge": "x", "isMain": true } }
                       ^
                       Use one of: ${used}.
Fix: mend each place named above; all of them were checked.`);
  });
});
