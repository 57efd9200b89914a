const PREDEFINED = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];

/**
 * The proxies of this process's environment as build arguments. The engine knows these names beforehand: it gives them
 * to the build's commands, and keeps them out of the image, its history and the build cache.
 */
export function proxyArguments(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const names = PREDEFINED.flatMap((name) => [name, name.toLowerCase()]);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value ? [[name, value]] : [];
    }),
  );
}
