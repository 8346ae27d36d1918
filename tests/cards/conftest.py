"""The output of a run with its card and metadata beside it."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest

from transforms.report.card import card
from transforms.report.croissant import croissant_json
from transforms.report.figures import read_story
from transforms.report.folder import Folder
from transforms.report.params import PublishParams
from transforms.report.prov import prov_json
from transforms.report.publication import read_publication
from transforms.report.sources import sources_of

PARAMS = PublishParams(
    name="ferries", creator="Harbour Office", license="ODC-By-1.0", url="https://example.org/ferries"
)


def publish(folder: Path, params: PublishParams | None = None) -> Path:
    """Write card, Croissant and PROV beside a corpus; returns the folder."""
    manifest = (folder / "manifest.json").read_bytes()
    story, sources = read_story(Folder(str(folder))), sources_of(Folder(str(folder)))
    publication = read_publication(json.loads(manifest), params)
    (folder / "README.md").write_bytes(card(story, publication, sources))
    (folder / "croissant.json").write_bytes(croissant_json(story, publication, sources, manifest=manifest))
    (folder / "prov.json").write_bytes(prov_json(story, publication, manifest=manifest))
    return folder


@pytest.fixture(scope="session")
def published(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorded crawl's output, published under the params above."""
    return publish(copytree(reference, tmp_path_factory.mktemp("published") / "out"), PARAMS)


@pytest.fixture
def empty_output(tmp_path: Path) -> Path:
    """The output of a run whose archives held no page: no corpus, no rejections."""
    output = tmp_path / "empty"
    output.mkdir()
    (output / "manifest.json").write_text(json.dumps({"counts": {"records": 0, "responses": 0, "rows": 0}}))
    (output / "_SUCCESS").touch()
    return output
