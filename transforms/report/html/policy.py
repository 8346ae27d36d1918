"""The Content-Security-Policy of the report: only the scripts and the style put into it run, nothing is loaded.

It is the second line: the first is that every text is escaped where it becomes markup. If that failed, an injected
script would not run (its digest is not among these), ours could not write one into the page (Trusted Types), and
nothing could be sent.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256


def policy(scripts: Iterable[str], style: str) -> str:
    """The policy for these inline scripts and this inline style (CSP level 3, and Trusted Types)."""
    allowed = " ".join(map(source_hash, scripts))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {allowed}",
            f"style-src {source_hash(style)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def source_hash(content: str) -> str:
    """The source expression of an inline script or style.

    >>> source_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
