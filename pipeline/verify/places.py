"""Where the archives of an output are read: where its manifest says, as far as that is followed, or the user says."""

from __future__ import annotations

import os
import posixpath
import re
import stat

from pipeline.verify.claim import Claim
from transforms.errors import InputError
from transforms.read.address import is_remote, is_web, scheme_of

_ESCAPED = re.compile(r"\\udc([89a-f][0-9a-f])")  # as `transforms.read.splits.escape_path` has a byte that is no UTF-8


def find_archive(archive: str, claim: Claim, *, output: str, root: str | None) -> str:
    """Where an archive is opened, by its short name. `output`: where the output lies, `root`: what the user names.

    Whoever made the output wrote these addresses. None of another machine is asked because an output says so, unless
    the user named what it lies below, or the output itself lies on such a store; and no pipe or device is opened.

    Raises:
        InputError, OSError, ValueError: it is not read there, and why.
    """
    written = claim.addresses.get(archive)
    if written is None:
        raise InputError("it is no archive of the manifest")
    if root is not None:
        return _local(_below(root, archive, written))
    if is_remote(written) and (is_web(written) or scheme_of(written) != scheme_of(output)):
        raise InputError(
            f"{written} is on another machine: if it is to be asked, name what it lies below, --input-root"
        )
    return _local(written)


def _below(root: str, archive: str, written: str) -> str:
    """Below the folder or address that the user names: by its address if that is there, else by its short name."""
    inside = written.removeprefix(root.rstrip("/") + "/")
    name = inside if is_remote(root) and inside != written else archive
    if name.startswith("/") or ".." in name.split("/"):
        raise InputError(f"{name} leads out of {root}")
    return posixpath.join(root, name)


def _local(address: str) -> str:
    """The address, if it is not that of something local that is no file; its escapes undone where that is the file."""
    if is_remote(address):
        return address
    if not os.path.isabs(address):
        raise InputError(f"{address} is no absolute path")
    path = address if os.path.lexists(address) else _ESCAPED.sub(_byte, address)
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise InputError(f"{address} is no file")
    return path


def _byte(escape: re.Match[str]) -> str:
    return chr(0xDC00 + int(escape[1], 16))
