"""The documentation is true: what it names is there, what it says to type is understood."""

from __future__ import annotations

import argparse
import importlib.util
import inspect
import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import pytest

from pipeline.cli_reference import arguments, commands
from pipeline.config import load, sections
from pipeline.parsers import parser
from tests.markdown import Page
from transforms.errors import FirsthandError

ROOT = Path(__file__).parent.parent
PAGES = {
    path.relative_to(ROOT).as_posix(): Page.read(path)
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("training/*.md")])
}
OURS = ("pipeline", "transforms", "examples", "training", "benchmarks", "deploy", "tests")
COMMANDS = [(name, words) for name, page in PAGES.items() for words in page.commands()]

SAMPLE = Page(
    """# A *page* of `code`, twice
See [there](docs/x.md#a), `[not](a link)`, ![picture](y.svg) and `two
words`.
```
$ firsthand run a.warc.gz 'b c' --output out \\
      --limit N [options]     some words on it
firsthand inspect out | head   # the figures
firsthand: error: not a command
make run
```
```python
make = 1
```
## Twice

    make crawl

## Twice
"""
)


def test_a_page_knows_its_links_anchors_and_commands() -> None:
    assert SAMPLE.links() == ["docs/x.md#a", "y.svg"]
    assert SAMPLE.anchors() == {"a-page-of-code-twice", "twice", "twice-1"}
    assert SAMPLE.code() == ["code", "[not](a link)", "two words"]
    assert list(SAMPLE.commands()) == [
        ["run", "a.warc.gz", "b c", "--output", "out", "--limit", "1"],
        ["inspect", "out"],
    ]
    assert SAMPLE.spans("make") == ["make run", "make crawl"]
    assert SAMPLE.programs() == ["make = 1\n"]


@pytest.mark.parametrize("name", PAGES)
def test_every_relative_link_and_anchor_resolves(name: str) -> None:
    for link in PAGES[name].links():
        target, _, anchor = link.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        path = (ROOT / name).parent / unquote(target) if target else ROOT / name
        assert path.exists(), f"{name} links to {link}"
        if anchor:
            assert anchor in Page.read(path).anchors(), f"{name} links to {link}"


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("docs/") and name != "docs/README.md"])
def test_every_page_is_in_the_index(name: str) -> None:
    assert name.removeprefix("docs/") in {link.partition("#")[0] for link in PAGES["docs/README.md"].links()}


@pytest.mark.parametrize("name", PAGES)
def test_every_make_target_that_is_named_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {word for said in PAGES[name].spans("make") for word in said.split()[1:2] if word.islower()}
    assert named <= targets


@pytest.mark.parametrize("name", PAGES)
def test_every_module_that_is_named_exists(name: str) -> None:
    page = PAGES[name]
    for module in re.findall(r"python -m ([\w.]+)", "\n".join([*page.code(), *page.lines()])):
        if module.split(".")[0] in OURS:
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
        else:
            assert importlib.util.find_spec(module.split(".")[0]), module


@pytest.mark.parametrize("name", PAGES)
def test_every_file_of_the_project_that_is_named_exists(name: str) -> None:
    for said in PAGES[name].code():
        if re.fullmatch(rf"({'|'.join(OURS)}|docs)/[\w./-]+", said):
            assert (ROOT / said).exists(), said


@pytest.mark.parametrize(("name", "words"), COMMANDS, ids=lambda value: value if isinstance(value, str) else value[0])
def test_every_command_line_is_understood(name: str, words: list[str]) -> None:
    ours = words[: words.index("--")] if "--" in words else words
    try:
        options = parser().parse_args(ours)
        load(None, tuple(getattr(options, "overrides", ())))
    except FirsthandError as error:
        pytest.fail(f"{name}: firsthand {' '.join(words)}: {error}")
    assert len(ours) == len(words) or hasattr(options, "beam"), f"{words[0]} takes no flags for Beam"


@pytest.mark.parametrize("name", PAGES)
def test_every_command_and_flag_that_is_named_exists(name: str) -> None:
    verbs = commands()
    for said in PAGES[name].spans("firsthand"):
        ours = said.split(" -- ")[0]
        verb = (re.findall(r"^firsthand ([a-z]+)", ours) or [""])[0]
        if not verb:  # the name of the program, or `firsthand: …`
            continue
        assert verb in verbs, said
        known = {flag for action in arguments(verbs[verb]) for flag in action.option_strings} | {"--help"}
        assert set(re.findall(r"(?<=\s)--[a-z][a-z-]*", ours)) <= known, said


@pytest.mark.parametrize("name", PAGES)
def test_every_key_of_the_configuration_that_is_named_exists(name: str) -> None:
    known = {f"{section}.{key}" for section, kind in sections().items() for key in kind.__dataclass_fields__}
    for said in PAGES[name].code():
        for key in re.findall(rf"^(?:--set )?((?:{'|'.join(sections())})\.\w+)", said):
            assert key in known or Path(key).suffix in {".py", ".json", ".md"}, said


@pytest.mark.parametrize("name", PAGES)
def test_every_setting_that_is_named_is_accepted(name: str) -> None:
    for said in PAGES[name].spans("--set"):
        if "=" in said and "section.key" not in said.lower():
            load(None, tuple(word for word in shlex.split(said) if word != "--set"))


@pytest.mark.parametrize(("name", "output"), [("README.md", "out/demo"), ("docs/guide.md", "out/mine")])
def test_the_code_of_a_page_runs_on_a_real_output(
    name: str, output: str, reference: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / output).symlink_to(reference, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    [program] = PAGES[name].programs()
    exec(compile(program, name, "exec"), {})


def test_every_message_of_the_troubleshooting_table_is_one_that_is_said() -> None:
    table = PAGES["docs/guide.md"].text.partition("## Troubleshooting")[2].partition("\n## ")[0]
    messages = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    assert len(messages) > 10
    said = inspect.getsource(argparse)
    for path in [*ROOT.glob("pipeline/**/*.py"), *ROOT.glob("transforms/**/*.py")]:
        said += re.sub(r'"\s*\n\s*f?"', "", path.read_text(encoding="utf-8"))
    for message in messages:
        wording = max(re.split(r"^\[\w+\] |'[^']*'|…|--limt|\d+|\b(?:out|empty)\b|\(|\)", message), key=len).strip()
        assert wording in said, message


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme_or_the_guide(command: str) -> None:
    pages = (PAGES["README.md"], PAGES["docs/guide.md"])
    assert any(re.search(rf"\bfirsthand {command}\b", page.text) for page in pages)
