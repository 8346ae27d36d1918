"""A store that stumbles: what is tried again, and what is told."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline.committed import read_footer
from pipeline.run import check_flags
from transforms.errors import StoreError
from transforms.store.objects import ObjectStore

DATA = bytes(range(256)) * 1024  # more than Arrow asks for to read a footer


class Stumbling(BaseHTTPRequestHandler):
    """Answers the first requests for a key as the key says, then as a store does."""

    protocol_version = "HTTP/1.1"
    asked: list[str]
    kept: dict[str, bytes]

    def _stumbles(self, times: int = 2) -> bool:
        place = f"{self.command} {self.path.split('?')[0]}"
        self.asked.append(place)
        return "busy" in self.path and self.asked.count(place) <= times

    def _answer(self, status: int, body: bytes = b"", *, cut: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(body[:cut])
        if cut is not None:
            self.close_connection = True

    def do_PUT(self) -> None:
        """Keeps the body."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._stumbles():
            self._answer(503, b"<Error><Code>SlowDown</Code><Message>Reduce your request rate</Message></Error>")
            return
        self.kept[self.path] = body
        self._answer(200)

    def do_HEAD(self) -> None:
        """The size."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(DATA)))
        self.send_header("ETag", '"1"')
        self.end_headers()

    def do_GET(self) -> None:
        """A range; of a key that breaks, half of it at first."""
        if self._stumbles():
            self._answer(500, b"<Error><Code>InternalError</Code><Message>Try again</Message></Error>")
            return
        if "whole" in self.path:
            self._answer(200, DATA)
            return
        start, end = (int(number) for number in self.headers["Range"].removeprefix("bytes=").split("-"))
        body = DATA[start : end + 1]
        broken = "breaks" in self.path and self.asked.count(f"GET {self.path}") <= 2
        self._answer(206, body, cut=len(body) // 2 if broken or "always" in self.path else None)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """The store, on loopback."""
    Stumbling.asked, Stumbling.kept = [], {}
    with ThreadingHTTPServer(("127.0.0.1", 0), Stumbling) as found:
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture
def store(server: ThreadingHTTPServer) -> ObjectStore:
    """A client of it."""
    pytest.importorskip("boto3", reason="needs boto3: pip install 'firsthand[aws]'")
    return _connect(server.server_address[1])


def _connect(port: int) -> ObjectStore:
    from transforms.store.s3 import connect

    return connect(
        {
            "endpoint_url": f"http://127.0.0.1:{port}",
            "region_name": "us-east-1",
            "aws_access_key_id": "anyone",
            "aws_secret_access_key": "anything",
        }
    )


def test_an_upload_that_a_busy_store_refuses_twice_is_made(store: ObjectStore) -> None:
    store.put("s3://bucket/busy", io.BytesIO(DATA))
    assert DATA in Stumbling.kept["/bucket/busy"]  # in chunks with a checksum behind
    assert Stumbling.asked == ["PUT /bucket/busy"] * 3


@pytest.mark.parametrize("key", ["busy", "breaks"])
def test_what_breaks_off_is_read_again(store: ObjectStore, key: str) -> None:
    with store.open(f"s3://bucket/{key}", chunk=1000) as file:
        assert file.read() == DATA
    assert Stumbling.asked.count(f"GET /bucket/{key}") == 3


def test_what_always_breaks_off_is_one_line_after_three_tries(store: ObjectStore) -> None:
    with (
        store.open("s3://bucket/always", chunk=1000) as file,
        pytest.raises(StoreError, match=r"^s3://bucket/always: .* check --s3_endpoint_url and the network$"),
    ):
        file.read()
    assert Stumbling.asked.count("GET /bucket/always") == 3


def test_a_store_that_overlooks_ranges_does_not_make_a_footer_damaged(
    server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("boto3", reason="needs boto3: pip install 'firsthand[aws]'")
    for name, value in (("AWS_ACCESS_KEY_ID", "anyone"), ("AWS_SECRET_ACCESS_KEY", "anything")):
        monkeypatch.setenv(name, value)
    check_flags([f"--s3_endpoint_url=http://127.0.0.1:{server.server_address[1]}", "--s3_region_name=us-east-1"])
    with pytest.raises(StoreError, match=r"^s3://bucket/whole: asked for \d+ bytes .* does not serve ranges"):
        read_footer("s3://bucket/whole")


def test_who_has_no_account_is_told_of_all_places_to_name_one(
    server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("boto3", reason="needs boto3: pip install 'firsthand[aws]'")
    from transforms.store.s3 import connect

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    settings: dict[str, object] = {
        "endpoint_url": f"http://127.0.0.1:{server.server_address[1]}",
        "region_name": "us-east-1",
    }
    with pytest.raises(StoreError, match=r"^s3://b/x: Unable to locate credentials: set AWS_ACCESS_KEY_ID .* a role$"):
        next(connect(settings).list("s3://b/x"))
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(StoreError, match=r"profile \(nobody\) could not be found: set AWS_ACCESS_KEY_ID"):
        connect(settings)
    assert Stumbling.asked == []


@pytest.mark.slow
def test_a_store_that_nobody_serves_is_one_line() -> None:
    pytest.importorskip("boto3", reason="needs boto3: pip install 'firsthand[aws]'")
    nobody = _connect(1)  # TCPMUX: nothing listens there
    with pytest.raises(StoreError, match="Could not connect to the endpoint URL"):
        next(nobody.list("s3://bucket/x"))
