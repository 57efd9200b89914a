/**
 * The addresses of RFC 5737, kept for examples in documents: nothing is ever routed there, no VPN hands them out, and no site
 * means a real host by one of them.
 */
const DOCUMENTATION = ["192.0.2", "198.51.100", "203.0.113"];
/** Of a /27: its gateway, and room for a site's workers and its storage. */
const ADDRESSES = 32;

/** Where a network may be when the engine has no address pool left: 24 subnets of 29 containers each. */
export const OWN_SUBNETS: readonly string[] = DOCUMENTATION.flatMap((prefix) =>
  Array.from({ length: 256 / ADDRESSES }, (_, index) => `${prefix}.${index * ADDRESSES}/27`),
);
