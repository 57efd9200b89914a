"""An app in Python that a Dapr cron binding drives: the same as the example's main, with Dapr's own package."""

import os
import signal
import sys
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dapr.clients import DaprClient


def store(blob_name: str, content: str) -> None:
    """Writes a blob through the output binding "blob", over gRPC as the package does."""
    with DaprClient() as client:
        client.invoke_binding("blob", "create", content, {"blobName": blob_name})


class Handler(BaseHTTPRequestHandler):
    """POST /.internal/batch, which cron calls: stores the time; GET anything: says that it is there."""

    def do_POST(self) -> None:
        # Cron's body is empty, its type is JSON.
        self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path != "/.internal/batch":
            self.answer(404, "no such path")
            return
        now = datetime.now(timezone.utc)
        try:
            store(f"batch_{int(now.timestamp() * 1000)}.txt", now.isoformat())
        except Exception as error:  # noqa: BLE001
            print(f"the batch failed: {error}", file=sys.stderr, flush=True)
            self.answer(500, str(error))
            return
        self.answer(200, f"batch of {now.isoformat()} done")

    def do_GET(self) -> None:
        self.answer(200, "up")

    def answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    server = ThreadingHTTPServer(("", int(os.environ.get("APPPORT", "9000"))), Handler)
    # As PID 1 a process without a handler ignores SIGTERM.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"listening on port {server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
