"""The folder that a command writes or looks into, as a user names it."""

from __future__ import annotations

import os

from transforms.errors import OutputError, UsageError
from transforms.read.address import is_remote, local_path, with_lower_scheme


def place_of(name: str) -> str:
    """An absolute path, or an address without a slash at its end: what does not depend on the working directory.

    `file://` URIs and `~` mean what they mean as inputs.

    >>> place_of("file://localhost/data/out%201/"), place_of("S3://bucket/out/")
    ('/data/out 1', 's3://bucket/out')
    """
    if not name:
        raise UsageError("the name of the output is empty: name a folder")
    path = local_path(name)
    if path is not None:
        return os.path.abspath(path)
    if not is_remote(name):
        raise OutputError(f"{name!r} names another machine: a local folder has three slashes, as in file:///path")
    return with_lower_scheme(name).rstrip("/")
