"""Payload digests: declared ones as they are, others computed."""

from __future__ import annotations

import pytest

from transforms.read.digest import payload_digest

EMPTY = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"  # SHA-1 of no bytes


@pytest.mark.parametrize(
    "declared", ["", "sha1:", "sha1:TOOSHORT", "md5:1B2M2Y8AsgTpgAmY7PhCfg==", "sha256:AB", "x" * 999]
)
def test_a_digest_that_is_no_sha1_is_computed(declared: str) -> None:
    assert payload_digest(declared, b"") == EMPTY


def test_a_declared_sha1_is_taken_in_either_alphabet_and_case() -> None:
    assert payload_digest(EMPTY, b"other") == EMPTY
    assert payload_digest(f" {EMPTY.lower()} ", b"other") == EMPTY
    assert payload_digest("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", b"other") == EMPTY
