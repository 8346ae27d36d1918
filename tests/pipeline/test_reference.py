"""The generated pages: complete, each entry with a meaning, and as fresh as the source."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from pipeline.cli_reference import arguments, command_line_page, commands
from pipeline.config import Config, sections
from pipeline.exit_codes import MEANINGS as EXIT_CODES
from pipeline.reference import PAGES, configuration_page, evidence_meanings, field_meanings, main, schema_page
from transforms.extract.licences import MEANINGS as LICENCES
from transforms.extract.rights import MEANINGS as RIGHTS
from transforms.filter.rules import RULES
from transforms.rejection import MEANING, Reason
from transforms.schema import CORPUS, DOCUMENTS, REJECTIONS, SIGNALS

ROOT = Path(__file__).parent.parent.parent

SCHEMA = {
    **{f"corpus {column.name}": (column.name, column.meaning) for column in CORPUS},
    **{f"documents {column.name}": (column.name, column.meaning) for column in DOCUMENTS},
    **{f"rejections {column.name}": (column.name, column.meaning) for column in REJECTIONS},
    **{f"signal {name}": (name, meaning) for name, meaning in SIGNALS.items()},
    **{f"reason {reason}": (str(reason), why) for reason, (_, why) in MEANING.items()},
    **{f"rule {name}": (name, rule.meaning) for name, rule in RULES.items()},
    **{f"evidence {name}": (name, meaning) for name, meaning in evidence_meanings().items()},
    **{f"rights {name}": (name, meaning) for name, meaning in (RIGHTS | LICENCES).items()},
}


def test_the_pages_in_the_tree_are_fresh() -> None:
    assert main(["--check", str(ROOT / "docs")]) == 0


def test_a_stale_page_is_found_and_mended(tmp_path: Path) -> None:
    (tmp_path / "schema.md").write_text("old")
    assert main(["--check", str(tmp_path)]) == 1
    assert main([str(tmp_path)]) == 0
    assert main(["--check", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(PAGES)


@pytest.mark.parametrize("entry", SCHEMA)
def test_every_name_of_the_output_is_on_the_schema_page_with_its_meaning(entry: str) -> None:
    name, meaning = SCHEMA[entry]
    assert any(
        f"`{name}`" in line and meaning.strip() and meaning.replace("|", "\\|") in line
        for line in schema_page().splitlines()
    )


def test_every_reason_has_a_meaning() -> None:
    assert set(MEANING) == set(Reason)


def test_every_key_of_the_configuration_says_what_it_does() -> None:
    page = configuration_page()
    for section, kind in sections().items():
        meanings = field_meanings(kind)
        for entry in dataclasses.fields(getattr(Config(), section)):
            assert f"`{entry.name}`" in page
            assert meanings[entry.name], f"[{section}] {entry.name} has no comment"


@pytest.mark.parametrize("command", commands())
def test_every_argument_of_a_command_is_on_its_page_with_its_meaning(command: str) -> None:
    verb = commands()[command]
    chapter = command_line_page().partition(f"\n## firsthand {command}\n")[2].partition("\n## ")[0]
    assert verb.description
    assert verb.description in chapter
    for action in arguments(verb):
        name = action.option_strings[-1] if action.option_strings else action.metavar
        assert action.help, f"firsthand {command} {name} says nothing"
        [row] = [line for line in chapter.splitlines() if re.match(rf"\| `\[?{re.escape(str(name))}[ `…\]]", line)]
        assert action.help.replace("|", "\\|") in row


def test_every_exit_code_is_on_the_page_of_the_command_line() -> None:
    page = command_line_page()
    for code, meaning in EXIT_CODES.items():
        assert f"| {code} | {meaning} |" in page
