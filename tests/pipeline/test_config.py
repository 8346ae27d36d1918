"""Configuration: defaults, TOML in and out, every mistake at once, digests."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from pipeline.config import Config, build, load, sections, to_toml
from transforms.errors import ConfigError, UsageError


def test_the_effective_toml_read_back_gives_the_same_configuration(tmp_path: Path) -> None:
    file = tmp_path / "effective.toml"
    config = build({"filter": {"languages": ["en", "de"]}, "weigh": {"rho": 0.25}, "run": {"split_bytes": 262144}})
    file.write_text(to_toml(config))
    assert load(str(file)) == config


def test_three_mistakes_are_reported_together() -> None:
    with pytest.raises(ConfigError) as error:
        build({"dedup": {"treshold": 0.8}, "weigh": {"rho": 2.0}, "shuffle": {}})
    assert len(error.value.problems) == 3
    text = "\n".join(error.value.problems)
    assert "[dedup] unknown key 'treshold'" in text
    assert "[weigh] rho is 2.0" in text
    assert "unknown section [shuffle]" in text


def test_a_value_of_another_type_is_refused_with_the_type_expected() -> None:
    with pytest.raises(ConfigError, match=r"\[dedup\] bands is '14', expected a whole number"):
        build({"dedup": {"bands": "14"}})
    with pytest.raises(ConfigError, match=r"\[filter\] languages is 'en', expected a list of text"):
        build({"filter": {"languages": "en"}})
    with pytest.raises(ConfigError, match="expected a whole number"):
        build({"dedup": {"bands": True}})


def test_a_whole_number_is_a_number() -> None:
    assert build({"weigh": {"rho": 1}}).weigh.rho == 1.0


def test_bands_that_no_signature_can_fill_are_refused() -> None:
    with pytest.raises(ConfigError, match="bands"):
        build({"dedup": {"bands": 100, "rows": 100}} | {"dedup": {"bands": 100, "rows": 50}})


def test_overrides_come_after_the_file_and_need_no_quotes(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[extract]\nextractor = "precise"\n[weigh]\nrho = 0.5\n')
    config = load(str(file), ("extract.extractor=resiliparse", "filter.languages=['en']"))
    assert config.extract.extractor == "resiliparse"
    assert config.filter.languages == ("en",)
    assert config.weigh.rho == 0.5


@pytest.mark.parametrize(("text", "value"), [(".6", 0.6), ("+.5", 0.5), ("1.", 1.0), ("0.7", 0.7), ("1", 1.0)])
def test_an_override_that_is_a_number_needs_no_zero_before_or_after_its_point(text: str, value: float) -> None:
    assert load(None, (f"dedup.threshold={text}",)).dedup.threshold == value


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("dedup.threshold=.", "threshold is '.', expected a number"),
        ("dedup.threshold=-.6", "above 0 and at most 1, got -0.6"),
        ("dedup.bands=.6", "bands is '.6', expected a whole number"),
    ],
)
def test_an_override_that_is_no_number_or_none_that_fits_is_refused(override: str, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        load(None, (override,))


def test_a_text_that_looks_like_a_number_stays_a_text() -> None:
    assert load(None, ("publish.name=.6",)).publish.name == ".6"


@pytest.mark.parametrize("override", ["extractor", "extract=fast", ".x=1", "extract.=1"])
def test_an_override_without_section_or_key_is_refused(override: str) -> None:
    with pytest.raises(ConfigError, match=r"expected section\.key=value"):
        load(None, (override,))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[run\n", "is not TOML"),
        (None, "cannot read the configuration"),
        pytest.param(f"a = {'[' * 10_000}", "is not TOML", id="nested without end"),
        pytest.param(f"[run]\nsplit_bytes = {'9' * 5000}", "is not TOML", id="more digits than Python reads"),
        pytest.param(f"[run]\nsplit_bytes = 0x{'f' * 5000}", "too long a number", id="more digits than Python writes"),
        pytest.param(f"[dedup]\nthreshold = 1{'0' * 400}", "expected a number", id="more than a float holds"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(tmp_path: Path, text: str | None, message: str) -> None:
    file = tmp_path / "c.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(ConfigError, match=message):
        load(str(file))


def test_how_the_work_is_cut_does_not_change_the_digest() -> None:
    assert build({"run": {"split_bytes": 262144, "shard_bytes": 4096}}).digest() == Config().digest()


def test_what_the_card_says_does_not_change_the_digest() -> None:
    assert build({"publish": {"name": "ferries", "license": "ODC-By-1.0"}}).digest() == Config().digest()


def test_what_shapes_rows_changes_the_digest() -> None:
    others = [{"weigh": {"rho": 0.2}}, {"read": {"max_body_bytes": 1 << 20}}, {"dedup": {"threshold": 0.8}}]
    assert len({Config().digest(), *(build(other).digest() for other in others)}) == 4


def test_every_section_lists_its_problems_and_the_defaults_have_none() -> None:
    for name in sections():
        assert getattr(Config(), name).problems() == []


def test_no_section_holds_a_type_that_toml_cannot_carry() -> None:
    for name in sections():
        for entry in dataclasses.fields(getattr(Config(), name)):
            assert isinstance(getattr(getattr(Config(), name), entry.name), int | float | str | bool | tuple)


def test_curation_is_configured_as_its_documents_were_made() -> None:
    documents = build({"extract": {"extractor": "precise"}}).extraction()
    config = load(None, ("weigh.rho=0.2",), documents=documents)
    assert (config.extract.extractor, config.weigh.rho) == ("precise", 0.2)
    assert load(None, ("extract.extractor=precise",), documents=documents).extract.extractor == "precise"
    with pytest.raises(
        ConfigError, match=r"\[extract\] extractor is 'fast', but the documents were made with 'precise'"
    ):
        load(None, ("extract.extractor=fast",), documents=documents)


def test_bands_must_fit_the_signatures_of_the_documents() -> None:
    documents = build({"signature": {"num_hashes": 64}, "dedup": {"bands": 8}}).extraction()
    with pytest.raises(ConfigError, match="hashes of a signature"):
        load(None, (), documents=documents)


def test_a_file_that_is_too_large_is_refused_by_its_size_unparsed(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_bytes(b"#" * (1 << 20) + b"\n")
    with pytest.raises(UsageError, match=r"c\.toml' is 1,048,577 bytes, expected at most 1,048,576: is it the right"):
        load(str(file))


@pytest.mark.parametrize(
    "text",
    [
        "{key} = 1",
        "[{key}]",
        "run = {{{key} = 1}}",
        '"a\\"b".{key} = 1',
        '[publish]\nname = """a"""""\n[{key}]',
        "x = ['''a'''', {{{key} = 1}}]",
        "# it's\n{key} = 1",
    ],
)
def test_a_key_of_many_parts_which_take_time_by_their_square_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "c.toml"
    file.write_text(text.format(key=".".join("a" * 5_000)))
    with pytest.raises(
        ConfigError, match=r"line \d of .* holds (4999|5000) dots outside of text, expected at most 100"
    ):
        load(str(file))


def test_dots_in_text_and_in_comments_are_no_parts_of_keys(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    hosts = [f"{number}.example.org" for number in range(1000)]
    dots = "." * 1000
    file.write_text(f'[filter]\nblock_hosts = {hosts} # {dots}\n[publish]\ndescription = """\n{dots}"""\n')
    assert len(load(str(file)).filter.block_hosts) == 1000
