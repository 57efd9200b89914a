"""The app's unit tests, against `sitecar twin --control-port`: python -m unittest; no engine, no daprd."""

import json
import os
import threading
import unittest
import urllib.request
from http.server import ThreadingHTTPServer

from app import Handler

CONTROL = os.environ["TWIN_CONTROL"]


def control(method: str, path: str, body: str | None = None) -> object:
    request = urllib.request.Request(CONTROL + path, method=method, data=None if body is None else body.encode())
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


class Batch(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["APPPORT"])), Handler)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.shutdown()

    def setUp(self) -> None:
        control("POST", "/reset")

    def test_a_tick_stores_the_time(self) -> None:
        result = control("POST", "/tick/batch")
        self.assertEqual((result["outcome"], result["target"]), ("delivered", "/.internal/batch"))
        blobs = control("GET", "/blobs/blob")
        self.assertEqual(len(blobs), 1)
        self.assertRegex(blobs[0]["name"], r"^batch_\d{13}\.txt$")
        self.assertIn(blobs[0]["text"], result["posts"][0]["body"])
        # Dapr's package calls over gRPC, so its own headers stay with the blob.
        self.assertTrue(blobs[0]["metadata"]["useragent"].startswith("dapr-sdk-python/"))

    def test_a_tick_is_lost_while_storage_refuses(self) -> None:
        control("PUT", "/storage", '{"status": 403}')
        result = control("POST", "/tick/batch")
        self.assertEqual(result["outcome"], "failed")
        self.assertIn("AuthorizationPermissionMismatch", result["posts"][0]["body"])
        control("PUT", "/storage", "null")
        self.assertEqual(control("POST", "/tick/batch")["outcome"], "delivered")

    def tearDown(self) -> None:
        self.assertEqual(control("GET", "/")["notCovered"], [])


if __name__ == "__main__":
    unittest.main()
