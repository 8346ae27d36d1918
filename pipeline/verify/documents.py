"""The documents beside a corpus, where they lie in its folder: do their accounts agree with the manifest?"""

from __future__ import annotations

import dataclasses
import posixpath
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import closing

import pyarrow.parquet as pq

from pipeline.accounts import SplitAccount, total
from pipeline.verify.check import Check, Findings, many, skipped
from pipeline.verify.claim import Claim, Listed, Tallies, tallies
from pipeline.verify.corpus import name_of
from pipeline.verify.keys import KeyStore, Kind
from pipeline.verify.progress import Pulse
from transforms.read.splits import escape_path
from transforms.report.folder import Folder
from transforms.write.imprint import imprint_holds
from transforms.write.parquet import read_accounts

_BATCH = 50_000
Places = frozenset[tuple[str, str]]
"""Archives by short name and address. One that was moved between two runs of an extraction has two."""


def check_documents(folder: Folder, claim: Claim, keys: KeyStore, pulse: Pulse) -> tuple[Check, Places]:
    """The files of documents/ are whole, of this output's rejections, and their accounts add up to its manifest.

    Their ids go to `keys`. Also where these accounts say that the archives lay.
    """
    paths = folder.parquet("documents")
    if not paths:
        why = f"there are none here; the corpus was made of those in {_folders(claim)}"
        return skipped("documents", why), frozenset()
    findings = Findings()
    found: defaultdict[str, Tallies] = defaultdict(Counter)
    places: set[tuple[str, str]] = set()
    listed = {file.path: file for file in claim.files or ()}
    for number, path in enumerate(paths):
        pulse("documents", number, len(paths))
        with findings.reading(name_of(path)):
            account = _add(folder, path, claim, found, findings)
            _check_rejections(path, account, listed, findings)
            split = account.read.split
            places.add((split.warc_file, escape_path(split.file_path)))
            _keep_ids(folder, path, keys)
    for archive in sorted(found.keys() | claim.inputs.keys()):
        told = claim.inputs.get(archive, Counter())
        if found[archive] != told:
            differing = sorted(key for key in found[archive].keys() | told.keys() if found[archive][key] != told[key])
            name, reason = differing[0]
            findings.add(
                f"archive {archive}: its documents account for {found[archive][name, reason]} {name} {reason}".rstrip()
                + f", the manifest for {told[name, reason]}"
            )
    rows = sum(each["documents", ""] for each in found.values())
    said = f"accounts of {many(len(paths), 'file')} with {many(rows, 'document')}, beside the manifest's"
    return findings.check("documents", said), frozenset(places)


def _folders(claim: Claim) -> str:
    """The folders that the manifest names."""
    folders = claim.page.get("documents")
    return ", ".join(map(str, folders)) if isinstance(folders, list) and folders else "a folder it does not name"


def _keep_ids(folder: Folder, path: str, keys: KeyStore) -> None:
    with closing(folder.open_file(path)) as file:
        for batch in pq.ParquetFile(file).iter_batches(_BATCH, columns=["id"]):
            keys.add(Kind.DOCUMENT, batch.column(0).to_pylist())


def _check_rejections(path: str, account: SplitAccount, listed: Mapping[str, Listed], findings: Findings) -> None:
    """The rejections that the account goes with are those that the chain answers for, files of the manifest by path."""
    name = f"rejections/{posixpath.basename(path)}"
    file, refused = listed.get(name), account.refused_file
    if file is None or refused is None:  # an early release's; what is missing there is another check's business
        return
    if (file.bytes, file.sha256) != (refused.bytes, refused.sha256):
        findings.add(f"{name_of(path)} was not written with {name}: its account has another SHA-256 of it")


def _add(folder: Folder, path: str, claim: Claim, found: defaultdict[str, Tallies], findings: Findings) -> SplitAccount:
    with closing(folder.open_file(path)) as file:
        account = SplitAccount.from_json(read_accounts(file))
        if account.refused_imprint and not imprint_holds(file):
            findings.add(f"{name_of(path)} was changed: its bytes do not make the imprint in its footer")
    split = account.read.split
    if not (isinstance(split.warc_file, str) and isinstance(split.file_path, str)):
        raise ValueError("its account names no archive")
    if account.model != claim.model:
        findings.add(f"{name_of(path)} was scored by {account.model}, the corpus by {claim.model}")
    if claim.config and account.settings != claim.config.extraction():
        findings.add(f"{name_of(path)} was extracted with another configuration than the manifest's")
    counts = dataclasses.asdict(total([account]))
    counts["documents"] = counts.pop("rows")
    found[split.warc_file].update(tallies(counts))
    return account
