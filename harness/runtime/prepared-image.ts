/** An image that is on the engine and can be used. */
export interface PreparedImage {
  /** The name that was asked for, as in the site definition or in an upstream's public default. */
  readonly requested: string;
  /** What containers are created from. */
  readonly reference: string;
  /** The engine's image id (`sha256:…`). */
  readonly id: string;
  /** `pulled` from a registry, `stand-in` made from packages, `built` here from a Dockerfile, `local`: was there. */
  readonly origin: "pulled" | "stand-in" | "built" | "local";
  /** Why this origin, and for a stand-in what it contains and lacks. */
  readonly reason: string;
  /** Registry digests that the engine knows (`repository@sha256:…`). */
  readonly digests: readonly string[];
  /** A daprd in it follows virtual time: its cron fires when sitecar's clock is told to go on, and never by itself. */
  readonly virtualTime?: true;
}
