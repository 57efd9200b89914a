export { siteTest, type SiteTestOptions, type StartSiteForTest } from "./site-test.ts";
