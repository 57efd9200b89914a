/** What of the world the twin's answers depend on; tests give their own. */
export interface Surroundings {
  readonly now: () => Date;
  /** For names of blobs and for etags. */
  readonly uuid: () => string;
  /** daprd's environment, for `secretstores.local.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}
