import type { RecordedLine } from "../contracts/run-record.ts";

/** A line of a container's output; of daprd's with its level and message. */
export interface LogLine {
  readonly line: RecordedLine;
  /** `debug`, `info`, `warning`, `error`, `fatal`; absent: not a line of daprd's. */
  readonly level?: string;
  /** daprd's message, or the whole line. */
  readonly message: string;
}

/** daprd writes JSON with `--log-as-json`, otherwise logrus's text: `time="…" level=info msg="…" scope=…`. */
export function readLogLine(line: RecordedLine): LogLine {
  return { line, ...(readJson(line.text) ?? readText(line.text) ?? { message: line.text }) };
}

type LeveledMessage = Pick<Required<LogLine>, "level" | "message">;

function readJson(text: string): LeveledMessage | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const { level, msg }: { readonly level?: unknown; readonly msg?: unknown } = JSON.parse(text);
    return typeof level === "string" && typeof msg === "string" ? { level, message: msg } : undefined;
  } catch {
    return undefined; // an app's own line may begin with a brace
  }
}

function readText(text: string): LeveledMessage | undefined {
  const match = /^time="[^"]*" level=(?<level>\w+) msg=(?<message>"(?:\\.|[^"\\])*"|\S*)/.exec(text);
  const { level, message } = match?.groups ?? {};
  if (level === undefined || message === undefined) return undefined;
  return { level, message: message.startsWith('"') ? unquote(message) : message };
}

/** logrus quotes as Go does; what of that JSON does not know is left as it is. */
function unquote(quoted: string): string {
  try {
    const text: unknown = JSON.parse(quoted);
    return typeof text === "string" ? text : quoted;
  } catch {
    return quoted.slice(1, -1);
  }
}
