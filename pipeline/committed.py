"""Which splits of an output are committed, and whether their files are still what was written."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass

from pipeline.accounts import SplitAccount
from pipeline.run import cores
from pipeline.verify.progress import Pulse
from transforms.errors import DamageError, naming_damage
from transforms.write import parquet
from transforms.write.digest import digest_of
from transforms.write.imprint import imprint_holds
from transforms.write.stage import is_local, open_file

READERS = 16  # footers read at once; a snapshot on an object store has a million


@dataclass(frozen=True, slots=True)
class SplitFiles:
    """The two files of a split."""

    documents: str
    rejections: str

    @property
    def split_id(self) -> str:
        """The split, as the name of its files has it."""
        return posixpath.basename(self.documents).removesuffix(".parquet")

    def account(self) -> SplitAccount | None:
        """The account of the split if the footers of both files are whole and of one attempt, otherwise None."""
        account, refused = self._told(), _read_end(self.rejections)
        if account is None or refused is None:
            return None
        footer, size = refused
        if (footer.accounts.get("rejections"), footer.imprint) != (account.all_rejections(), account.refused_imprint):
            return None
        # Early releases wrote no imprints, and of two attempts the numbers may be the same.
        return account if account.refused_file is None or account.refused_file.bytes == size else None

    def suspect(self) -> str:
        """The file to blame for it that the split does not count: the rejections if only they do not fit."""
        return self.rejections if self._told() and not self.account() else self.documents

    def _told(self) -> SplitAccount | None:
        """The account in the documents, None unless it is of this split."""
        account = read_account(self.documents)
        return account if account is not None and account.read.split.split_id == self.split_id else None

    def damaged(self, account: SplitAccount) -> str | None:
        """The first of the two files that is not, to its last byte, what was written with this account; None if none.

        What early releases wrote without a digest is taken as it is. Raises InputError if one cannot be read.
        """
        with naming_damage(self.documents):
            if not documents_hold(self.documents, account):
                return self.documents
        if account.refused_file is not None:
            with naming_damage(self.rejections), closing(open_file(self.rejections)) as file:
                if digest_of(file) != account.refused_file:
                    return self.rejections
        return None


def documents_hold(path: str, account: SplitAccount) -> bool:
    """Whether a documents file is what was written, as far as it can be told: those of early releases have no digest.

    All of it is read.
    """
    if not account.refused_imprint:
        return True
    with closing(open_file(path)) as file:
        return imprint_holds(file)


def damaged_files(committed: Mapping[SplitFiles, SplitAccount]) -> dict[SplitFiles, str]:
    """The splits of which a file is not what was written, each with that file; every byte of all of them is read.

    Of those on an object store none is read: that would take as long as fetching them, and the store itself knows the
    checksum of every object. Curation looks at the checksum of every page it reads, there as here.
    """
    local = [(files, account) for files, account in committed.items() if is_local(files.documents)]
    pulse = Pulse("checking")
    found = {}
    with closing(pulse), ThreadPoolExecutor(cores()) as pool:
        checked = pool.map(lambda entry: entry[0].damaged(entry[1]), local)
        for number, ((files, _), path) in enumerate(zip(local, checked, strict=True)):
            pulse("splits that are committed", number, len(local))
            if path is not None:
                found[files] = path
    return found


def read_accounts(splits: Iterable[SplitFiles]) -> dict[SplitFiles, SplitAccount]:
    """The accounts of those of these splits that are committed."""
    splits = list(splits)
    with ThreadPoolExecutor(READERS) as pool:
        found = zip(splits, pool.map(SplitFiles.account, splits), strict=True)
        return {files: account for files, account in found if account is not None}


def read_account(documents: str) -> SplitAccount | None:
    """The account in a documents file, None if the file is damaged or something else, or has other rows than that."""
    end = _read_end(documents)
    try:
        return None if end is None else _sound(SplitAccount.from_json(end[0].accounts), rows=end[0].rows)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _sound(account: SplitAccount, *, rows: int) -> SplitAccount:
    """The account; raises TypeError, ValueError or AttributeError if it does not say of which split, or how much."""
    if not account.read.split.split_id or sum(account.all_rejections().values()) < 0 or account.rows != rows:
        raise ValueError("no account of a split")
    return account


def read_footer(path: str) -> dict[str, object] | None:
    """The accounts in the footer of a Parquet file, None if it is missing or damaged.

    Raises InputError or StoreError if it cannot be read, for then it may well be whole.
    """
    end = _read_end(path)
    return None if end is None else end[0].accounts


def _read_end(path: str) -> tuple[parquet.Footer, int] | None:
    """A footer, and the bytes of the file."""
    with suppress(DamageError), naming_damage(path), suppress(FileNotFoundError), closing(open_file(path)) as file:
        return parquet.read_footer(file), file.seek(0, os.SEEK_END)
    return None
