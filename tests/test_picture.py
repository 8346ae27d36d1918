"""The picture of the readme: well-formed, told in words, at home in light and dark, harmless."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

PICTURE = Path(__file__).parent.parent / "docs" / "pipeline.svg"
SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_told_in_words() -> None:
    root = ElementTree.parse(PICTURE).getroot()
    named = [root.find(f"{SVG}{tag}") for tag in ("title", "desc")]
    assert [element.get("id") for element in named if element is not None and element.text] == ["title", "desc"]
    assert root.get("aria-labelledby") == "title desc"


def test_every_class_of_the_picture_has_a_style_and_every_colour_a_dark_one() -> None:
    root = ElementTree.parse(PICTURE).getroot()
    style = "".join(root.itertext())
    light, _, dark = style.partition("prefers-color-scheme: dark")
    used = {name for element in root.iter() for name in element.get("class", "").split()}
    assert {name for name in used if f".{name} " not in light} == set()
    coloured = {part.split("{")[0].strip() for part in light.split("}") if "#" in part.partition("{")[2]}
    assert {name for name in coloured if name and f"{name} " not in dark} == set()


def test_the_picture_loads_and_runs_nothing() -> None:
    root = ElementTree.parse(PICTURE).getroot()
    targets = [value for element in root.iter() for name, value in element.attrib.items() if name.endswith("href")]
    assert targets
    assert all(target.startswith("#") for target in targets)
    assert not any(element.tag == f"{SVG}script" for element in root.iter())


def test_the_row_in_the_picture_is_the_first_of_the_readme() -> None:
    readme = (PICTURE.parent.parent / "README.md").read_text(encoding="utf-8")
    texts = ["".join(element.itertext()) for element in ElementTree.parse(PICTURE).getroot().iter(f"{SVG}text")]
    probability, weight = (texts[texts.index(name) + 1] for name in ("human_probability", "human_weight"))
    assert f'"human_probability": {probability}, "human_weight": {weight}' in readme
    archive, byte, digest = texts[-1].split(" · ")
    assert f'"warc_file": "{archive}", "record_offset": {byte.removeprefix("byte ")}' in readme
    assert f'"payload_digest": "{digest.removesuffix("…")}' in readme
