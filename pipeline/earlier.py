"""Earlier corpora, against which new documents are curated: what of them is read, and whether it can be compared.

An earlier output is only ever read, and only its narrow columns: of its corpus the ids, digests, dates and qualities,
of the documents it was made from the digests and signatures. docs/decisions/0017-earlier-corpora.md says why both.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from pipeline.accounts import SplitAccount
from pipeline.config import Config
from pipeline.earlier_files import documents_of, shards
from pipeline.output import Output
from pipeline.place import place_of
from pipeline.reading import mark_of, unwritten
from pipeline.seal import head_of
from pipeline.verify.check import State
from pipeline.verify.claim import Claim, earlier_of, read_claim
from pipeline.verify.files import check_chain
from transforms.dedup.documents import DocumentsFile
from transforms.errors import InputError, OutputError
from transforms.original import LABEL
from transforms.read.splits import escape_path
from transforms.report.folder import Folder
from transforms.write.stage import is_local, list_files, open_file


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier output."""

    root: str
    head: str  # of its chain
    documents: tuple[tuple[str, int], ...]  # paths and rows of the documents files; none where only texts are compared
    corpus: tuple[tuple[str, int], ...]  # paths and rows of the files of its corpus
    against: tuple[str, ...]  # the heads of the outputs that it was itself curated against

    @property
    def label(self) -> str:
        """What rejections call it."""
        return self.head[:LABEL]

    @property
    def rows(self) -> int:
        """Rows of its corpus."""
        return sum(rows for _, rows in self.corpus)

    def entry(self) -> dict[str, object]:
        """What the manifest says of it."""
        return {"output": escape_path(self.root), "head": self.head, "rows": self.rows}


def find_earlier(names: Sequence[str], documents: Iterable[SplitAccount], config: Config) -> tuple[Earlier, ...]:
    """The earlier outputs of these names, in the order of their heads, once each.

    Raises:
        InputError: one is not the finished output of a curation, was changed since as far as its chain and the ends of
            its files tell, or was made with other settings of dedup or of signatures; its documents are gone; it holds
            an archive of `documents`; or another output that it was itself curated against is not named.
        OutputError: a run is writing to one.
    """
    roots = list(dict.fromkeys(map(place_of, names)))
    if roots and config.dedup.method == "none":
        raise InputError('dedup.method is "none", so nothing is compared with an earlier corpus: leave out --against')
    archives = {account.read.split.warc_file for account in documents}
    with unwritten(roots):
        found = {one.head: one for one in (_read(root, archives, config) for root in roots)}
    for one in found.values():
        for head in one.against:
            if head not in found:
                raise InputError(
                    f"{one.root} was itself curated against the output with the head {head}, whose pages it does not "
                    "have: name that one with --against, too"
                )
    return tuple(found[head] for head in sorted(found))


def _read(root: str, archives: set[str], config: Config) -> Earlier:
    folder = _folder(root)
    claim = read_claim(folder)
    chain = check_chain(folder, claim, None)
    if chain.state is not State.OK:
        why = chain.problems[0] if chain.problems else chain.said
        raise InputError(f"{root} cannot be curated against: {why}; run its curate again")
    _check_settings(root, claim, config)
    if shared := sorted(archives & claim.inputs.keys()):
        raise InputError(
            f"{root} holds the archive {shared[0]} already: leave it out of --against, or of the documents"
        )
    documents = documents_of(folder, claim) if config.dedup.method == "near" else ()
    against = tuple(head for _, head in earlier_of(claim))
    return Earlier(root, head_of(claim.page), documents, shards(folder, claim), against)


def _folder(root: str) -> Folder:
    return Folder(root) if is_local(root) else Folder(root, list_files, open_file)


def _check_settings(root: str, claim: Claim, config: Config) -> None:
    """Raise InputError unless duplicates were looked for there as they are here."""
    if claim.config is None:
        raise InputError(f"{root} was made with settings that this release does not know: extract and curate it again")
    for section, cure in (("signature", "extract one of them again"), ("dedup", f"--set {{}}, or curate {root} again")):
        theirs, ours = (dataclasses.asdict(getattr(each, section)) for each in (claim.config, config))
        differing = [name for name in ours if theirs[name] != ours[name]]
        if differing:
            name = f"{section}.{differing[0]}"
            value = theirs[differing[0]]
            raise InputError(
                f"{root} was made with {name} = {value!r}, and it is {ours[differing[0]]!r} here, so duplicates would "
                f"not be the same: {cure.format(f'{name}={value}')}"
            )


def files_of(earlier: Sequence[Earlier], *, first: int) -> Iterator[DocumentsFile]:
    """The files to be read, their ordinals from `first` on; corpora are numbered from 1."""
    for number, one in enumerate(earlier, start=1):
        for is_corpus, files in ((False, one.documents), (True, one.corpus)):
            for path, rows in files:
                yield DocumentsFile(path, first, rows, number, is_corpus)
                first += 1


@contextmanager
def held(earlier: Sequence[Earlier], output: Output) -> Iterator[None]:
    """Keeps runs from writing to these outputs, and to those that hold their documents, while they are read.

    Raises OutputError if `output`, which is written meanwhile, is one of them; or if one is not what was found, now or
    when all is read: it was found before it was locked, and stores have no locks.
    """
    roots = {one.root for one in earlier} | {_root(path) for one in earlier for path, _ in one.documents}
    if output.root in roots:
        raise OutputError(f"{output.root} is an earlier output, which stays as it is: name another --output")
    with ExitStack() as stack:
        for root in sorted(roots):
            stack.enter_context(Output(root).held())
        _check_marks(earlier)
        yield
        _check_marks(earlier)


def _check_marks(earlier: Iterable[Earlier]) -> None:
    for one in earlier:
        if (mark_of(_folder(one.root)) or b"").decode("ascii", "replace").strip() != one.head:
            raise OutputError(f"a run wrote to {one.root} since it was looked at: give the same command again after it")


def _root(documents: str) -> str:
    return documents.rsplit("/", 2)[0]
