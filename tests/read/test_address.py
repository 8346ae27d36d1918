"""Addresses that are not even asked for, and what is said of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.read.address import redirect_problem, refuse, why


@pytest.mark.parametrize(
    "address",
    [
        "https://data.commoncrawl.org/crawl-data/CC-MAIN-2024-10/segments/1/warc/CC-MAIN-00000.warc.gz",
        "http://127.0.0.1:8000/a.warc.gz",
        "http://[::1]:8000/a.warc.gz",
        "HTTPS://e.com/get?file=a.warc.gz&key_count=2",
        "https://e.com/ä b@c.warc.gz",
        "s3://bucket/*",
        "plain/path",
    ],
)
def test_an_address_of_a_file_may_be_asked_for(address: str) -> None:
    assert refuse(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://ann:pa55@e.com/x.warc.gz",
        "https://pa55@e.com/x.warc.gz",
        "https://:pa55@e.com/x.warc.gz",
        "http://ann:pa55@e.com:99999/x.warc.gz",
        "https://e.com/x.warc.gz?X-Amz-Credential=a&X-Amz-Signature=pa55",
        "https://e.com/x.warc.gz?sig=pa55",
        "https://e.com/x.warc.gz?access_token=pa55",
        "https://e.com/x.warc.gz?api_key=pa55",
    ],
)
def test_an_address_with_a_credential_is_refused_without_repeating_it(address: str) -> None:
    refusal = refuse(address)
    assert refusal is not None
    assert "e.com" in refusal
    assert "x.warc.gz'" in refusal
    assert "pa55" not in refusal
    assert "ann" not in refusal.replace("cannot", "")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("https://e.com/*.warc.gz", "no wildcards; name each file, or an @list of them"),
        ("https://e.com/x[0-9].warc.gz", "no wildcards"),
        ("https://e.com/dir/", "web servers list no directories; name each file, or an @list of them"),
        ("https://e.com", "web servers list no directories"),
        ("https:///x.warc.gz", "it names no host"),
        ("https://e.com:port/x.warc.gz", "it is malformed"),
        ("https://[e.com/x.warc.gz", "it is malformed"),
        ("https://e.com/x#1.warc.gz", "it has a fragment"),
    ],
)
def test_an_address_of_no_file_is_refused_with_the_cure(address: str, message: str) -> None:
    refusal = refuse(address)
    assert refusal is not None
    assert message in refusal
    assert "\n" not in refusal


@pytest.mark.parametrize(
    ("place", "target"),
    [("http://a/x", "http://b/y"), ("http://a/x", "https://a/x"), ("https://a/x", "https://b/y?X-Amz-Signature=1")],
)
def test_a_redirect_may_lead_to_another_server_and_to_a_safer_one(place: str, target: str) -> None:
    assert redirect_problem(place, target) is None


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("http://a/x", "from https to http"),
        ("ftp://a/x", "to ftp"),
        ("file:///x", "to file"),
        ("//a/x", "to nowhere"),
        ("https://a:port/x", "malformed"),
        ("https://u@a/x", "malformed"),
        ("https://[/x", "malformed"),
        ("https://169.254.169.254/latest/meta-data/", "into a network"),
        ("https://localhost/x", "into a network"),
    ],
)
def test_a_redirect_never_leads_to_a_less_safe_place(target: str, message: str) -> None:
    assert message in (redirect_problem("https://a/x", target) or "")


def test_a_long_error_keeps_its_beginning_and_the_cause_at_its_end() -> None:
    request = "https://storage.googleapis.com/storage/v1/b/nobucket/o/x?projection=noAcl&prettyPrint=false" * 3
    said = why(RuntimeError(f"401 GET {request}: Anonymous caller does not have storage.objects.get access to it."))
    assert said == "401 GET … Anonymous caller does not have storage.objects.get access to it."


@given(st.text("ab \n\x1b\u202e", max_size=500))
def test_whatever_an_error_says_is_a_short_line_of_what_it_said(text: str) -> None:
    said = why(RuntimeError(text))
    assert said
    assert said.isprintable()
    assert len(said) <= 200
    words = [word.replace("\x1b", "").replace("\u202e", "") for word in text.split()]
    if max(map(len, words), default=0) < 60:
        assert set(said.split()) <= {*words, "…", "RuntimeError"}
