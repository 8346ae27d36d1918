"""Beam's options, whose views are made once.

Beam (2.77) makes an argument parser for every view of its options, and looks at them with every step that is added to a
graph: some 400 parsers for a curation, a third of a second.
"""

from __future__ import annotations

from typing import TypeVar, cast

from apache_beam.options.pipeline_options import PipelineOptions

V = TypeVar("V", bound=PipelineOptions)


class Options(PipelineOptions):
    """`PipelineOptions` that keep their views, which share one table of values in any case."""

    def view_as(self, cls: type[V]) -> V:
        """The view of this class."""
        views: dict[type[PipelineOptions], PipelineOptions] = self.__dict__.setdefault("_views", {})
        if cls not in views:
            views[cls] = super().view_as(cls)
        return cast(V, views[cls])

    def _get_display_data_namespace(self) -> str:
        """Under which a service shows them: as Beam's own."""
        return f"{PipelineOptions.__module__}.{PipelineOptions.__name__}"

    def __getstate__(self) -> dict[str, object]:
        """What is copied or pickled: Beam leaves out what concerns the submission alone, and views would have it."""
        state: dict[str, object] = super().__getstate__()  # type: ignore[no-untyped-call]
        return {name: value for name, value in state.items() if name != "_views"}
