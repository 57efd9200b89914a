/** A build argument of a Dockerfile that names an upstream image. */
export interface ImageArgument {
  readonly name: string;
  /** The public name that the Dockerfile gives as default. */
  readonly upstream: string;
}

/**
 * The arguments before the first FROM that end in `_IMAGE` and have a default: by this convention a Dockerfile says
 * which upstream images it is made from, so that a stand-in or a mirror can take their place.
 */
export function imageArguments(dockerfile: string): readonly ImageArgument[] {
  const found: ImageArgument[] = [];
  for (const line of dockerfile.split("\n")) {
    if (/^\s*FROM\s/i.test(line)) break;
    const match = /^\s*ARG\s+(?<name>\w+_IMAGE)=(?<upstream>\S+)\s*$/i.exec(line);
    const { name, upstream } = match?.groups ?? {};
    if (name !== undefined && upstream !== undefined) {
      found.push({ name, upstream: upstream.replaceAll(/["']/g, "") });
    }
  }
  return found;
}
