"""An extraction that is whole, of which no corpus was made: to give its command again would change nothing."""

from __future__ import annotations

from transforms.errors import InputError
from transforms.report.folder import Folder


def check_curated(folder: Folder) -> None:
    """Raise InputError, with the command that is missing, if all is extracted there and nothing curated."""
    if folder.holds("manifest.json") or not folder.holds("extract.json"):
        return
    if _is_whole(folder.root):
        raise InputError(f"{folder.root} is extracted, not curated: `firsthand curate {folder.root} --output DIR`")


def _is_whole(root: str) -> bool:
    """Whether every split of the extraction is committed."""
    from pipeline.output import Output  # with Beam, which takes a second: nothing else that reads an output needs it
    from pipeline.plan import PlanDamaged

    output = Output(root)
    try:
        splits = {split.split_id for split in output.plan().splits()}
    except PlanDamaged:
        return False
    return splits == output.accounts(splits).keys()
