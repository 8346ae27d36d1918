"""Google Cloud Storage."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, BinaryIO

import requests
from google.api_core.exceptions import GoogleAPICallError, NotFound, PreconditionFailed, RetryError
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage.exceptions import DataCorruption, InvalidResponse
from google.cloud.storage.retry import DEFAULT_RETRY

from transforms.errors import StoreError
from transforms.store.objects import Stored, split_address
from transforms.store.ranges import open_ranges

# Waits of 1, 2, 4 … s after a lost connection, a time-out, 408, 429, 500, 502, 503 and 504.
_RETRY = DEFAULT_RETRY.with_timeout(60)
_TIMEOUT = (10, 60)  # s: to connect, and between bytes
_PART = 16 << 20  # bytes of a request of an upload beyond 8 MiB; the object appears with the last
_DELETERS = 8  # requests at once (the library keeps ten connections): none deletes many and says which of them failed


class GoogleStore:
    """Objects at `gs://` addresses, by one client that threads share."""

    def __init__(self, client: Any) -> None:  # the library is only installed with firsthand[gcp]
        self._client = client

    def list(self, prefix: str) -> Iterator[Stored]:
        """See `ObjectStore`."""
        bucket, key = split_address(prefix)
        with _asking(prefix, missing=f"there is no bucket {bucket}: make it"):
            for blob in self._client.list_blobs(
                bucket, prefix=key, fields="items(name,size),nextPageToken", retry=_RETRY, timeout=_TIMEOUT
            ):
                yield Stored(f"gs://{bucket}/{blob.name}", int(blob.size))

    def open(self, address: str, *, chunk: int) -> BinaryIO:
        """See `ObjectStore`: one request, and one a range."""
        blob = self._blob(address)
        with _asking(address):
            blob.reload(retry=_RETRY, timeout=_TIMEOUT)
        return open_ranges(address, int(blob.size), partial(self._fetch, address, blob.generation), chunk=chunk)

    def _fetch(self, address: str, generation: int, start: int, end: int) -> bytes:
        with _asking(address):
            data: bytes = self._blob(address).download_as_bytes(
                start=start,
                end=end - 1,
                raw_download=True,  # offsets are those of the object, whatever its Content-Encoding
                if_generation_match=generation,
                checksum=None,  # there is none for a range
                retry=_RETRY,
                timeout=_TIMEOUT,
            )
        return data

    def put(self, address: str, file: BinaryIO) -> None:
        """See `ObjectStore`: one request up to 8 MiB. The library compares checksums."""
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        with _asking(address, missing="there is no such bucket: make it"):
            self._blob(address, chunk_size=_PART).upload_from_file(
                file, size=size, content_type="application/octet-stream", retry=_RETRY, timeout=_TIMEOUT
            )

    def delete(self, addresses: Iterable[str]) -> None:
        """See `ObjectStore`: one request an object."""
        with ThreadPoolExecutor(_DELETERS) as pool:
            list(pool.map(self._delete, addresses))

    def _delete(self, address: str) -> None:
        try:
            with _asking(address):
                self._blob(address).delete(retry=_RETRY, timeout=_TIMEOUT)
        except FileNotFoundError:
            return

    def _blob(self, address: str, **settings: object) -> Any:
        bucket, key = split_address(address)
        return self._client.bucket(bucket).blob(key, **settings)


@contextmanager
def _asking(address: str, *, missing: str = "") -> Iterator[None]:
    """Says in a line what went wrong; an object that is not there is a FileNotFoundError, if `missing` is empty."""
    try:
        yield
    except NotFound as error:
        if missing:
            raise StoreError(f"{address}: {missing}") from error
        raise FileNotFoundError(f"no object at {address}") from error
    except PreconditionFailed as error:
        raise StoreError(f"{address} was replaced while it was read: run the same command again") from error
    except (GoogleAPICallError, RetryError, GoogleAuthError, InvalidResponse, DataCorruption) as error:
        raise StoreError(f"{address}: {_line(error)}: check the bucket, your credentials and the network") from error
    except requests.RequestException as error:
        raise StoreError(f"{address}: no answer ({_line(error)}): check the network") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
