"""One documents file, scored again from its own text. Plain Python: a worker is handed files by the engine."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Callable
from contextlib import closing
from typing import BinaryIO

import pyarrow as pa

from pipeline.accounts import Tally
from pipeline.progress import Heartbeat
from pipeline.split import Commit
from transforms.errors import naming_damage
from transforms.records import Evidence
from transforms.score.detector import Detector
from transforms.score.reassess import reassess
from transforms.write.imprint import imprint_holds
from transforms.write.parquet import read_accounts, rewrite
from transforms.write.rows import Row, judgement

_KNOWN = ["text", "language", "language_script", "url", "evidence"]


@dataclasses.dataclass(frozen=True, slots=True)
class DocumentsRescorer:
    """Takes documents files to the opinions of one detector."""

    detector: Detector
    heartbeats: str | None  # the folder in which to say how far a file is

    def rescore(self, path: str, open_file: Callable[[str], BinaryIO], commit: Commit) -> int:
        """Rewrite the file with its rows scored again, one row group at a time; returns their number.

        Everything else in it stays as it is, but for the id of the detector in the account. Raises InputError if the
        file cannot be read, or is not what was written: its new imprint would vouch for the damage.
        """
        heart = Heartbeat(self.heartbeats, posixpath.basename(path).removesuffix(".parquet"))
        tally = Tally()

        def change(group: pa.Table) -> pa.Table:
            changed = rescore_rows(group, self.detector)
            tally.rows += changed.num_rows
            heart.beat(tally, done=tally.rows)
            return changed

        with naming_damage(path):
            source = open_file(path)
        with closing(source):
            with naming_damage(path):
                accounts = read_accounts(source)
                if accounts.get("refused_imprint") and not imprint_holds(source):
                    raise ValueError("it was changed since it was written")
                source.seek(0)
            accounts["model"] = self.detector.model_id
            commit(path, lambda sink: rewrite(source, sink, change, accounts=accounts, name=path))
        heart.beat(tally, done=tally.rows, last=True)
        return tally.rows


def rescore_rows(rows: pa.Table, detector: Detector) -> pa.Table:
    """Rows of documents (`transforms.schema.DOCUMENTS`) with the detector's opinion in place of the one they had."""
    values = zip(*(rows[name].to_pylist() for name in _KNOWN), strict=True)
    judged = [_judge(detector, *row) for row in values]
    for name in judged[0] if judged else ():
        at = rows.schema.get_field_index(name)
        field = rows.schema.field(at)
        rows = rows.set_column(at, field, pa.array([row[name] for row in judged], field.type))
    return rows


def _judge(detector: Detector, text: str, language: str, script: str, url: str, evidence: list[dict[str, str]]) -> Row:
    known = [Evidence(sign["kind"], sign["detail"], float(sign["log_ratio"])) for sign in evidence]
    return judgement(reassess(detector, text, language=language, script=script, url=url, known=known))
