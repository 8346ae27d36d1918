"""A job as its golden file has it: what is asked of the service and what is staged, without what differs every time."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path

from tests.dataflow.graph import environments, steps
from tests.dataflow.service import Job

FOLDER = Path(__file__).parent / "golden"
_VARYING = (
    (r"(contract-[a-z]+)\.\d+\.\d+", r"\1.<time>"),
    (r'("clientRequestId": )"[^"]+"', r'\1"<moment>"'),
    (r"\b[0-9a-f]{64}\b", "<sha256>"),
    (r"http://localhost:\d+", "http://localhost:<port>"),
)


def readable(job: Job, staged: dict[str, bytes]) -> str:
    """A job and the files staged for it, by their names, as the golden file has them."""
    page = {
        "request": job,
        "staged": sorted(staged),
        "images": environments(staged["pipeline.pb"]),
        "steps": steps(staged["pipeline.pb"]),
    }
    text = json.dumps(page, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    for pattern, placeholder in _VARYING:
        text = re.sub(pattern, placeholder, text)
    return text


def makers(page: str) -> tuple[str, str]:
    """The Beam and the Python that made a request, as it says itself: `2.77.0`, `Apache Beam Python 3.11 SDK`."""
    agent = json.loads(page)["request"]["environment"]["userAgent"]
    return agent["version"], agent["name"]


def difference(name: str, got: str, kept: Path) -> str:
    """How this differs from the golden file, and how to make it the golden file; "" if it does not."""
    golden = FOLDER / name
    expected = golden.read_text(encoding="utf-8")
    if got == expected:
        return ""
    kept.write_text(got, encoding="utf-8")
    lines = difflib.unified_diff(
        expected.splitlines(), got.splitlines(), f"golden/{name}", "this request", lineterm="", n=2
    )
    return "\n".join([*lines, "", f"If this is meant: cp {kept} {golden}"])
