"""The Beam edge of object stores: which store an address belongs to, with the settings of Beam's flags."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from typing import BinaryIO

from apache_beam.io.filesystem import CompressionTypes, FileSystem
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions, S3Options
from apache_beam.options.value_provider import RuntimeValueProvider

from transforms.store.objects import ObjectStore, Stored

_lock = threading.Lock()
_connected: dict[str, tuple[object, ObjectStore]] = {}  # by scheme, with the options it was connected by


def store_of(address: str) -> ObjectStore | None:
    """The store of an address; None for a path, and for schemes that are left to Beam's file systems.

    A process connects once. Raises ImportError where the store's library is not installed.
    """
    scheme = FileSystems.get_scheme(address) or ""
    if scheme not in _CONNECT:
        return None
    given = FileSystems._pipeline_options or RuntimeValueProvider.runtime_options  # as FileSystems.get_filesystem does
    with _lock:
        options, store = _connected.get(scheme, (None, None))
        if store is None or options is not given:
            store = _CONNECT[scheme](_as_options(given))
            _connected[scheme] = (given, store)
    return store


def _as_options(given: object) -> PipelineOptions:
    if isinstance(given, PipelineOptions):
        return given
    return PipelineOptions.from_dictionary(given) if isinstance(given, dict) else PipelineOptions([])


def _connect_s3(options: PipelineOptions) -> ObjectStore:
    from transforms.store.s3 import connect

    given = options.view_as(S3Options)
    return connect(
        {
            "endpoint_url": given.s3_endpoint_url,
            "region_name": given.s3_region_name,
            "api_version": given.s3_api_version,
            "verify": given.s3_verify,
            "use_ssl": not given.s3_disable_ssl,
        }
    )


def _connect_gs(options: PipelineOptions) -> ObjectStore:
    from apache_beam.io.gcp.gcsio import create_storage_client
    from google.cloud.storage import Client

    from transforms.store.gs import GoogleStore

    # An emulator knows nobody. Beam would look for credentials for half a minute, in every process.
    emulated = "STORAGE_EMULATOR_HOST" in os.environ
    return GoogleStore(Client.create_anonymous_client() if emulated else create_storage_client(options))


_CONNECT: dict[str, Callable[[PipelineOptions], ObjectStore]] = {"s3": _connect_s3, "gs": _connect_gs}


def open_stored(address: str, *, chunk: int) -> BinaryIO:
    """The bytes at any address, seekable, never decompressed; of an object store `chunk` bytes at a time at least."""
    store = store_of(address)
    if store is not None:
        return store.open(address, chunk=chunk)
    return FileSystems.open(address, compression_type=CompressionTypes.UNCOMPRESSED)


def find_stored(pattern: str) -> list[Stored]:
    """What a glob matches on any file system but the local one, in order: `*` within a folder, `**` beyond.

    Of an object store it is one listing: what is called exactly so comes first, and `**` at the end means all that
    begins with what stands before it. So brackets in a key need no quoting.
    """
    store = store_of(pattern)
    if store is None:
        [match] = FileSystems.match([pattern])
        found = [Stored(entry.path, entry.size_in_bytes) for entry in match.metadata_list]
        return sorted(found, key=lambda one: one.address)
    listed = list(store.list(re.split(r"[*?\[]", pattern, maxsplit=1)[0]))
    folder = pattern[:-2] if pattern.endswith("/**") else None
    literal = [one for one in listed if one.address == pattern or (folder and one.address.startswith(folder))]
    translated = re.compile(FileSystem.translate_pattern(pattern))
    return literal or [one for one in listed if translated.match(one.address)]
