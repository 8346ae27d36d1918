"""The filter's word on one text: what it read, or why the page leaves."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.errors import ConfigError
from transforms.filter.language import Language, identify
from transforms.filter.params import FilterParams
from transforms.filter.rules import RULES, Failure, failures
from transforms.filter.signals import Measurement, measure_all, quality
from transforms.filter.thresholds import Override, Thresholds, overridden, parse_override
from transforms.filter.urls import load_block_list
from transforms.records import Reading
from transforms.rejection import Reason, Rejection

_DETAIL = 300  # characters, as Rejection promises


class TextReader:
    """Params ready for use: block lists loaded, names resolved.

    Holds no state between texts. It pickles with all it has loaded, so that who receives it needs no file.
    """

    def __init__(self, params: FilterParams) -> None:
        """Raises ConfigError with all problems, or InputError for a block list that cannot be read."""
        if problems := params.problems():
            raise ConfigError(problems)
        self._languages = frozenset(params.languages)
        self._min_score = params.min_language_score
        self._rejecting = rejecting_rules(params.reject)
        self._overrides = tuple(o for s in params.thresholds if isinstance(o := parse_override(s), Override))
        self._block_list = load_block_list(params.block_hosts, params.block_urls)

    @property
    def block_digest(self) -> str:
        """Hex digest of the loaded block lists, "" if there are none; the order of their entries is all the same."""
        return self._block_list.digest()

    def blocked(self, url: str) -> Rejection | None:
        """The rejection of a page for its address alone. Cheap enough to ask before the text is extracted."""
        entry = self._block_list.match(url)
        return None if entry is None else Rejection(Reason.URL_BLOCKED, entry[:_DETAIL])

    def read(self, text: str, url: str) -> Reading | Rejection:
        """What a text is; or that its address, its language or the rules it breaks refuse it, in this order."""
        return self.read_all([(text, url)])[0]

    def read_all(self, texts: Sequence[tuple[str, str]]) -> list[Reading | Rejection]:
        """What `read` would say of each text and its address, for less."""
        looks = [self.blocked(url) or self._identify(text) for text, url in texts]
        wanted = [(text, look) for (text, _), look in zip(texts, looks, strict=True) if isinstance(look, Language)]
        measured = iter(measure_all([(text, found.language) for text, found in wanted]))
        return [look if isinstance(look, Rejection) else self._judge(look, next(measured)) for look in looks]

    def _identify(self, text: str) -> Language | Rejection:
        found = identify(text)
        return self._wrong_language(found) or found

    def _judge(self, found: Language, measurement: Measurement) -> Reading | Rejection:
        broken = failures(measurement.signals, self.thresholds(found))
        if refusal := self._too_poor(broken):
            return refusal
        return Reading(
            language=found.language,
            language_script=found.script,
            language_score=found.score,
            token_count=measurement.token_count,
            quality=quality(measurement.signals),
            signals=measurement.signals,
            failed=tuple(failure.rule for failure in broken),
        )

    def thresholds(self, found: Language) -> Thresholds:
        """The thresholds for a text in this language: built in, then set for all languages, then for this one."""
        return overridden(found, self._overrides)

    def _wrong_language(self, found: Language) -> Rejection | None:
        unwanted = bool(self._languages) and found.language not in self._languages
        if unwanted or found.score < self._min_score:
            return Rejection(Reason.LANGUAGE, f"{found.language}={found.score:.2f}")
        return None

    def _too_poor(self, broken: tuple[Failure, ...]) -> Rejection | None:
        told = [f"{failure.rule}={failure.value:.3g}" for failure in broken if failure.rule in self._rejecting]
        return Rejection(Reason.QUALITY, ", ".join(told)[:_DETAIL]) if told else None


def rejecting_rules(names: tuple[str, ...]) -> frozenset[str]:
    """The rules that these names of rules and families stand for."""
    return frozenset(rule for rule, about in RULES.items() if rule in names or about.family in names)
