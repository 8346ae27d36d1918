"""What the card says, as it is configured."""

from __future__ import annotations

import pytest

from transforms.report.params import PublishParams


def test_a_licence_is_an_identifier_or_an_address() -> None:
    assert PublishParams(license="ODC-By-1.0").problems() == []
    assert (
        PublishParams(license="https://example.org/terms", url="https://example.org/d", creator="Café").problems() == []
    )
    assert "expected an SPDX identifier" in PublishParams(license="free for all").problems()[0]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (PublishParams(name=" "), "publish.name is ' '; expected a name"),
        (PublishParams(version="1.0"), "publish.version is '1.0'; expected MAJOR.MINOR.PATCH"),
        (PublishParams(url="example.org"), "publish.url is 'example.org'; expected an address"),
        (PublishParams(creator="a\nb"), "publish.creator is 'a\\nb'; expected printable text on one line"),
        (PublishParams(description="x" * 5001), "publish.description has 5,001 characters; expected at most 5,000"),
    ],
)
def test_a_value_out_of_range_is_named(params: PublishParams, message: str) -> None:
    assert [problem for problem in params.problems() if problem.startswith(message)]
