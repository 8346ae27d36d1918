"""The files of an earlier output that are read, which must be those that its manifest answers for.

Sizes and footers are looked at, no row: docs/decisions/0017-earlier-corpora.md says what that leaves unseen.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from pipeline.accounts import SplitAccount
from pipeline.committed import READERS, read_account
from pipeline.output import CORPUS, REJECTIONS
from pipeline.verify.claim import Claim, Listed
from pipeline.verify.files import changed_end, shards_of
from transforms.errors import InputError, naming_damage
from transforms.report.folder import Folder

Files = tuple[tuple[str, int], ...]
"""Paths in order, each with the number of its rows."""


def shards(folder: Folder, claim: Claim) -> Files:
    """The files of the corpus; raises InputError if one is missing, or has another size or number of rows."""
    there = set(folder.parquet(CORPUS))

    def look(listed: Listed) -> tuple[str, int]:
        path, cure = folder.path(listed.path), _cure(folder, "curate")
        with naming_damage(path, cure=cure):
            problem = changed_end(folder, listed) if path in there else "is missing"
        if problem:
            raise InputError(f"{path} {problem}: {cure}")
        return path, listed.rows or 0

    with ThreadPoolExecutor(READERS) as pool:
        return tuple(sorted(pool.map(look, shards_of(claim))))


def _cure(folder: Folder, commands: str) -> str:
    """What to do about a file that is not what was written; `commands` make it anew."""
    root = folder.root
    return (
        f"bring it back, or {commands} {root} again, which gives it another head; `firsthand verify {root}` says what "
        "else was changed"
    )


def documents_of(folder: Folder, claim: Claim) -> Files:
    """The documents files that the corpus was made from.

    Raises InputError if they are not all at hand, or one is not what was written as far as its footer tells.
    """
    named = claim.page.get("documents")
    folders = [folder.path(str(name)) for name in named] if isinstance(named, list) else []
    listed = {file.path: file for file in claim.files or ()}
    paths = [path for place in folders for path in folder.list_files(place, "*.parquet") if _beside(path) in listed]
    with ThreadPoolExecutor(READERS) as pool:
        accounts = list(pool.map(lambda path: _account(path, folder, claim, listed), paths))
    found: Counter[str] = Counter()
    for account in accounts:
        found[account.read.split.warc_file] += account.rows
    for archive, told in claim.inputs.items():
        if found[archive] != told["documents", ""]:
            raise InputError(
                f"{folder.root} was made from {told['documents', '']} documents of {archive}, and {found[archive]} are "
                f"in {', '.join(folders)}: their signatures are needed, so bring these folders back"
            )
    return tuple(sorted((path, account.rows) for path, account in zip(paths, accounts, strict=True)))


def _account(path: str, folder: Folder, claim: Claim, listed: Mapping[str, Listed]) -> SplitAccount:
    """The account of a documents file, which must be that of the rejections that the manifest lists."""
    account, problem = read_account(path), "is damaged, or no documents file"
    if account is not None:
        problem = _misfit(account, posixpath.basename(path), claim, listed[_beside(path)])
        if not problem:
            return account
    raise InputError(f"{path} {problem}: {_cure(folder, 'extract and curate')}")


def _misfit(account: SplitAccount, name: str, claim: Claim, refused: Listed) -> str:
    """Why a documents file of this name and account is not one that the corpus was made from; "" if nothing says so."""
    if f"{account.read.split.split_id}.parquet" != name:
        return "is of another split"
    if claim.config is not None and account.settings != claim.config.extraction():
        return "was extracted with another configuration"
    known = account.refused_file
    if known is not None and (known.bytes, known.sha256) != (refused.bytes, refused.sha256):
        return f"was not written with {refused.path}"
    return ""


def _beside(documents: str) -> str:
    """What the manifest calls the rejections that go with a documents file."""
    return f"{REJECTIONS}/{posixpath.basename(documents)}"
