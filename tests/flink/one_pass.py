"""A local runner that is as strict as an engine may be: the values of a group can be gone through once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import apache_beam as beam
from apache_beam.coders.observable import ObservableMixin
from apache_beam.pipeline import AppliedPTransform, PTransformOverride
from apache_beam.pvalue import PCollection

from pipeline.local import LocalRunner


class OnePass(ObservableMixin):
    """Values without a length that raise RuntimeError when they are gone through again.

    An ObservableMixin, as an engine's own values are: Beam then leaves them alone when it estimates sizes.
    """

    def __init__(self, values: Iterable[object]) -> None:
        super().__init__()
        self._values: Iterable[object] | None = values

    def __iter__(self) -> Iterator[object]:
        if self._values is None:
            raise RuntimeError("the values of a group were gone through twice")
        values, self._values = self._values, None
        return iter(values)


class GroupOnce(beam.PTransform[PCollection[tuple[object, object]], PCollection[tuple[object, OnePass]]]):
    """GroupByKey with values for one pass."""

    def expand(self, pairs: PCollection[tuple[object, object]]) -> PCollection[tuple[object, OnePass]]:
        """Wire it."""
        grouped: PCollection[tuple[object, OnePass]] = (
            pairs | "Group" >> beam.GroupByKey() | "Once" >> beam.MapTuple(lambda key, values: (key, OnePass(values)))
        )
        return grouped


class _Override(PTransformOverride):
    def matches(self, applied: AppliedPTransform) -> bool:
        """Whether it is a group of ours: not one inside GroupOnce, nor of Beam's own combining and reshuffling."""
        parent = applied.parent.transform if applied.parent else None
        own = isinstance(parent, GroupOnce | beam.CombinePerKey | beam.transforms.util.ReshufflePerKey)
        return isinstance(applied.transform, beam.GroupByKey) and not own

    def get_replacement_transform_for_applied_ptransform(self, _: AppliedPTransform) -> GroupOnce:
        """What stands in its place."""
        return GroupOnce()


class OnePassRunner(LocalRunner):
    """Beam's local runner, with every GroupByKey replaced by GroupOnce."""

    def run_pipeline(self, pipeline: beam.Pipeline, options: object) -> object:
        """Run it."""
        pipeline.replace_all([_Override()])
        return super().run_pipeline(pipeline, options)
