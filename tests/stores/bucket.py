"""A bucket on an emulated store, by the clients that its makers ship: what the tests put there, and find there."""

from __future__ import annotations

import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

NAME = "bucket"


class RequestLog:
    """Lines of an emulator's log, as they come."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._grown = threading.Condition()

    def follow(self, stream: Iterable[str]) -> None:
        """Take in all lines of a stream; for a thread of its own."""
        for line in stream:
            with self._grown:
                self._lines.append(line)
                self._grown.notify_all()

    def until(self, words: str) -> list[str]:
        """The lines before the first with these words, which may be yet to come."""
        with self._grown:
            self._grown.wait_for(lambda: any(words in line for line in self._lines), timeout=60)
            return self._lines[: next(index for index, line in enumerate(self._lines) if words in line)]


class Bucket(ABC):
    """A bucket, and the Beam flags by which firsthand finds its store."""

    scheme: str
    flags: tuple[str, ...]
    request = re.compile(r"HTTP/1\.1")  # in a line of the log

    def __init__(self, client: Any, log: RequestLog) -> None:
        self._client = client
        self._log = log
        self._marks = 0

    def address(self, key: str) -> str:
        """The address of an object or folder."""
        return f"{self.scheme}://{NAME}/{key}"

    def requests(self) -> int:
        """How many requests there were so far, this one not counted."""
        self._marks += 1
        mark = f"mark-{self._marks}-"
        self.keys(mark)
        return sum(bool(self.request.search(line)) and "mark-" not in line for line in self._log.until(mark))

    @abstractmethod
    def keys(self, prefix: str = "") -> list[str]:
        """The keys that begin so, in order."""

    @abstractmethod
    def read(self, key: str) -> bytes:
        """An object."""

    @abstractmethod
    def write(self, key: str, data: bytes) -> None:
        """Make an object."""

    @abstractmethod
    def remove(self, key: str) -> None:
        """Delete an object."""

    @abstractmethod
    def unfinished(self) -> int:
        """Uploads that were begun and neither finished nor given up, which cost money until they are."""

    def upload(self, folder: Path, prefix: str) -> None:
        """Make objects of the files below a folder."""
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            self.write(f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes())

    def download(self, prefix: str, folder: Path) -> Path:
        """Write the objects below a prefix into a folder, which is returned."""
        for key in self.keys(f"{prefix}/"):
            path = folder / key.removeprefix(f"{prefix}/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.read(key))
        return folder


class S3Bucket(Bucket):
    """A bucket on moto."""

    scheme = "s3"

    def __init__(self, endpoint: str, log: RequestLog) -> None:
        import boto3

        super().__init__(boto3.client("s3", endpoint_url=endpoint), log)
        self.flags = (f"--s3_endpoint_url={endpoint}",)
        self._client.create_bucket(Bucket=NAME)

    def keys(self, prefix: str = "") -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=NAME, Prefix=prefix)
        return [entry["Key"] for page in pages for entry in page.get("Contents", ())]

    def read(self, key: str) -> bytes:
        data: bytes = self._client.get_object(Bucket=NAME, Key=key)["Body"].read()
        return data

    def write(self, key: str, data: bytes) -> None:
        self._client.put_object(Bucket=NAME, Key=key, Body=data)

    def remove(self, key: str) -> None:
        self._client.delete_object(Bucket=NAME, Key=key)

    def unfinished(self) -> int:
        return len(self._client.list_multipart_uploads(Bucket=NAME).get("Uploads", ()))


class GoogleBucket(Bucket):
    """A bucket on gcp-storage-emulator, which the clients find by STORAGE_EMULATOR_HOST."""

    scheme = "gs"
    flags = ()
    request = re.compile(r"/o[/?]")  # the client also asks for the bucket now and then, in the background

    def __init__(self, log: RequestLog) -> None:
        from google.cloud.storage import Client

        super().__init__(Client.create_anonymous_client(), log)
        self._bucket = self._client.bucket(NAME)

    def keys(self, prefix: str = "") -> list[str]:
        return [blob.name for blob in self._client.list_blobs(NAME, prefix=prefix)]

    def read(self, key: str) -> bytes:
        data: bytes = self._bucket.blob(key).download_as_bytes()
        return data

    def write(self, key: str, data: bytes) -> None:
        self._bucket.blob(key).upload_from_string(data, content_type="application/octet-stream")

    def remove(self, key: str) -> None:
        self._bucket.blob(key).delete()

    def unfinished(self) -> int:
        return 0  # the store forgets sessions by itself
