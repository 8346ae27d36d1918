"""What a campaign tells of what libFuzzer said."""

from __future__ import annotations

from tests.fuzz.campaign import outcome_of, show

HELD = """#8\tREDUCE cov: 50 ft: 51 corp: 2/9b exec/s: 0 rss: 64Mb
#12345\tDONE   cov: 107 ft: 230 corp: 61/3Kb lim: 4096 exec/s: 1234 rss: 70Mb
Done 12345 runs in 10 second(s)
"""
FOUND = """#77\tNEW    cov: 12 ft: 14 corp: 3/9b exec/s: 0 rss: 64Mb
 === Uncaught Python exception: ===
AttributeError: 'NoneType' object has no attribute 'lower'
Traceback (most recent call last):
artifact_prefix='out/fuzz/licences/'; Test unit written to out/fuzz/licences/crash-d26f
"""


def test_a_harness_that_held_is_a_line_of_figures() -> None:
    held = outcome_of("headers", 10.0, HELD, 0)
    assert (held.executions, held.coverage, held.found) == (12345, 107, ())
    assert show(held).split() == ["headers", "10", "12,345", "1,234", "107", "0"]


def test_a_finding_is_told_with_its_cause_and_how_to_see_it_again() -> None:
    told = show(outcome_of("licences", 1.0, FOUND, 77))
    assert "AttributeError: 'NoneType' object has no attribute 'lower'" in told
    assert "python -m tests.fuzz.replay licences out/fuzz/licences/crash-d26f" in told


def test_a_harness_that_ends_without_a_finding_says_where_to_look() -> None:
    assert "ended with -9: see out/fuzz/pages/log.txt" in show(outcome_of("pages", 1.0, "", -9))
