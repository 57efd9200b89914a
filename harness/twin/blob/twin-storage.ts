import { GoError } from "../go/json-node.ts";
import { notCovered } from "../not-covered.ts";
import { BlobContainer } from "./stored-blob.ts";

/** Storage does not do what it is asked, and answers with this status: as the fault `storage-status` of a site. */
export interface StorageFailure {
  readonly status: number;
  /** Azure's `x-ms-error-code`. Default: the usual one of the status. */
  readonly errorCode?: string;
}

/** What Azure's blob service says with a status when it has nothing else to say. */
const USUAL: Readonly<Record<number, readonly [code: string, message: string]>> = {
  403: [
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission.",
  ],
  404: ["ContainerNotFound", "The specified container does not exist."],
  500: ["InternalError", "The server encountered an internal error. Please retry the request."],
  503: ["ServerBusy", "The server is busy."],
};

const LINE = "-".repeat(80);

/** The twin's storage: containers by their URL, and whether it does what it is asked. */
export class TwinStorage {
  readonly #containers = new Map<string, BlobContainer>();
  /** `undefined`: storage is well. */
  failure: StorageFailure | undefined;

  container(url: string): BlobContainer {
    const container = this.#containers.get(url) ?? new BlobContainer();
    this.#containers.set(url, container);
    return container;
  }

  clear(): void {
    this.failure = undefined;
    for (const container of this.#containers.values()) container.clear();
  }

  /**
   * To be called where the binding would ask storage. daprd tries three times again with 429, 500 and 503, which takes it about nine
   * seconds; the twin says the same at once.
   * @param doing what the binding puts before the error, for example `error uploading az blob: `.
   * @throws {GoError} in the words of Azure's SDK for Go. @throws {SitecarError} TWIN_NOT_COVERED
   */
  check(doing: string, method: string, url: string, now: Date, requestId: string): void {
    if (this.failure === undefined) return;
    const { status, errorCode } = this.failure;
    const [usualCode, words] = USUAL[status] ?? [];
    if (usualCode === undefined || words === undefined || (errorCode ?? usualCode) !== usualCode) {
      throw notCovered({
        what: `storage that answers ${status} ${errorCode ?? ""}`.trimEnd(),
        instead: `let it fail with one of: ${Object.entries(USUAL)
          .map(([one, [code]]) => `${one} ${code}`)
          .join(", ")}.`,
      });
    }
    const time = now.toISOString().replace("Z", "0000Z");
    const body =
      `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${usualCode}</Code>` +
      `<Message>${words}\nRequestId:${requestId}\nTime:${time}</Message></Error>`;
    throw new GoError(
      `${doing}${method} ${url}\n${LINE}\nRESPONSE ${status}: ${status} ${words}\nERROR CODE: ${usualCode}\n${LINE}\n${body}\n${LINE}\n`,
    );
  }
}
