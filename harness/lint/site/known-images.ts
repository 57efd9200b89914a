import { imageName } from "./site-view.ts";

/** Databases, caches, brokers, proxies and collectors under the names that everybody uses. */
const INFRASTRUCTURE: ReadonlySet<string> = new Set([
  "redis",
  "valkey",
  "memcached",
  "nginx",
  "envoy",
  "haproxy",
  "traefik",
  "postgres",
  "mysql",
  "mariadb",
  "mongo",
  "rabbitmq",
  "opentelemetry-collector",
  "opentelemetry-collector-contrib",
  "azurite",
]);

/** Whether an image runs a program that is nobody's app, and takes its port from no variable such as PORT. */
export function isInfrastructure(image: string): boolean {
  return INFRASTRUCTURE.has(imageName(image));
}
