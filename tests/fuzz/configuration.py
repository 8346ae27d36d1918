"""TOML and `--set` of any kind: a configuration that survives being written and read, or why it is none."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from pipeline.config import build, load, load_publish, to_toml
from tests.fuzz.choices import Choices
from transforms.errors import UsageError

_FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-configuration-")


def check(data: bytes) -> None:
    """Take the first lines for overrides, as many as the first byte says, and the rest for the file."""
    choices = Choices(data)
    overrides = tuple(choices.line().decode("utf-8", "replace") for _ in range(choices.number(3)))
    path = Path(_FOLDER.name) / "run.toml"
    path.write_bytes(choices.rest())
    try:
        config = load(str(path), overrides)
    except UsageError as error:
        str(error).encode("utf-8", "surrogateescape")
    else:
        path.write_text(to_toml(config), encoding="utf-8")
        assert load(str(path)) == config
        assert load(str(path)).digest() == config.digest()
        assert build(config.extraction()).extraction() == config.extraction()
    with suppress(UsageError):
        load_publish(str(path), overrides, {})
