import path from "node:path";
import { DockerfileParser } from "dockerfile-ast";

/** What of a Dockerfile bears on how it is built, and on what its container does. */
export interface DockerfileFacts {
  /** Absolute. */
  readonly file: string;
  /** What it is called by: its folder, or the end of `Dockerfile.<name>`. */
  readonly name: string;
  /** Of `COPY` and `ADD` from the context, as written. */
  readonly copies: readonly { readonly sources: readonly string[]; readonly target: string }[];
  readonly exposes: readonly number[];
}

/** @param text of the Dockerfile. */
export function readDockerfile(file: string, text: string): DockerfileFacts {
  const dockerfile = DockerfileParser.parse(text);
  const fromContext = [
    ...dockerfile.getCOPYs().filter((copy) => copy.getFromFlag() === null),
    ...dockerfile.getInstructions().filter((instruction) => instruction.getKeyword() === "ADD"),
  ];
  return {
    file,
    name: nameOf(file),
    copies: fromContext.flatMap((instruction) => {
      const paths = instruction.getArguments().map((argument) => argument.getValue());
      const target = paths.at(-1);
      const sources = paths.slice(0, -1).filter((source) => !/^[a-z]+:\/\//.test(source));
      return target === undefined || sources.length === 0 ? [] : [{ sources, target }];
    }),
    exposes: dockerfile
      .getInstructions()
      .filter((instruction) => instruction.getKeyword() === "EXPOSE")
      .flatMap((instruction) => instruction.getArguments())
      .map((argument) => Number.parseInt(argument.getValue(), 10))
      .filter((port) => port >= 1 && port <= 65_535),
  };
}

export function isDockerfileName(name: string): boolean {
  return /^(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$/.test(name) || /^[\w-]+\.Dockerfile$/.test(name);
}

function nameOf(file: string): string {
  const suffix = /^(?:Dockerfile|Containerfile)\.(?<after>[\w-]+)$|^(?<before>[\w-]+)\.Dockerfile$/.exec(
    path.basename(file),
  )?.groups;
  return suffix?.["after"] ?? suffix?.["before"] ?? path.basename(path.dirname(file));
}
