"""What looking through documents beside a corpus costs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from pipeline.verify.check import State
from pipeline.verify.claim import Listed, read_claim
from pipeline.verify.documents import check_documents
from pipeline.verify.keys import KeyStore
from pipeline.verify.progress import Pulse
from transforms.report.folder import Folder


class Counted(tuple[Listed, ...]):
    """The files of a manifest, and how often they are gone through."""

    times = 0

    def __iter__(self) -> Iterator[Listed]:
        self.times += 1
        return super().__iter__()


def test_the_files_of_a_manifest_are_gone_through_once_however_many_documents_there_are(reference: Path) -> None:
    folder = Folder(str(reference))
    claim = read_claim(folder)
    files = Counted(claim.files or ())
    with KeyStore() as keys:
        check, _ = check_documents(folder, dataclasses.replace(claim, files=files), keys, Pulse())
    assert check.state is State.OK
    assert len(folder.parquet("documents")) > 1
    assert files.times == 1
