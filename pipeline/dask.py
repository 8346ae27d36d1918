"""Beam's Dask runner with three gaps closed: `--runner=pipeline.dask.DaskRunner` runs our graphs on a Dask cluster.

Beam 2.77 (apache_beam/runners/dask) computes only the last step of a graph, so that of two ends one is lost; takes
Reshuffle for nothing, so that one worker gets the whole work list; and computes a side input anew, with all that it
comes from, in every task that asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pipeline import AppliedPTransform, PipelineVisitor
from apache_beam.pvalue import AsSideInput, PCollection
from apache_beam.runners.dask import dask_runner
from apache_beam.runners.dask import transform_evaluator as evaluator
from apache_beam.runners.dask.overrides import _Reshuffle
from apache_beam.transforms.sideinputs import SideInputMap
from dask import delayed
from dask.bag import Bag

_PIECES = 16  # that a reshuffled collection is cut into where the flags do not say: as many tasks


class DaskRunner(dask_runner.DaskRunner):
    """Computes every end of the graph; Reshuffle spreads its elements over `--dask_npartitions` tasks."""

    def run_pipeline(self, pipeline: beam.Pipeline, options: PipelineOptions) -> dask_runner.DaskRunnerResult:
        """Start the graph."""
        evaluator.TRANSLATIONS |= {_Reshuffle: _Spread, beam.ParDo: _ParDo}
        ends = _Ends()
        pipeline.visit(ends)
        tuple(ends.found()) | "EveryEnd" >> beam.Flatten(pipeline=pipeline)
        return super().run_pipeline(pipeline, options)


class _Ends(PipelineVisitor):
    """Collects what steps make, less what steps take."""

    def __init__(self) -> None:
        self._made: dict[PCollection[object], None] = {}  # in order
        self._taken: set[PCollection[object]] = set()

    def visit_transform(self, step: AppliedPTransform) -> None:
        """Note one step."""
        self._made |= {made: None for made in step.outputs.values() if isinstance(made, PCollection)}
        self._taken |= {*step.inputs, *(side.pvalue for side in step.side_inputs)}

    def found(self) -> list[PCollection[object]]:
        """The collections that no step takes."""
        return [made for made in self._made if made not in self._taken]


class _Spread(evaluator.DaskBagOp):
    def apply(self, input_bag: Bag, side_inputs: None = None) -> Bag:
        return input_bag.repartition(npartitions=self.bag_kwargs.get("npartitions", _PIECES))


class _ParDo(evaluator.ParDo):
    def apply(self, input_bag: Bag, side_inputs: Sequence[SideInputMap] | None = None) -> Bag:
        return super().apply(_Fed(input_bag, side_inputs) if side_inputs else input_bag)


@dataclass(frozen=True, slots=True)
class _Fed:
    """A bag whose side inputs are tasks of the graph like any other, each computed once."""

    bag: Bag
    sides: Sequence[SideInputMap]

    def map(self, function: Callable[..., object], *arguments: object) -> _Fed:
        return _Fed(self.bag.map(function, *arguments), self.sides)

    def map_partitions(self, apply: Callable[..., object], dofn: object, settings: object, receivers: object) -> Bag:
        views = [(side._view_class, side._view_options) for side in self.sides]
        values = [delayed(_joined)(side._iterable.bag.to_delayed(optimize_graph=False)) for side in self.sides]
        return self.bag.map_partitions(_apply_fed, apply, dofn, settings, receivers, views, *values)


def _joined(partitions: Iterable[Iterable[object]]) -> list[object]:
    return [evaluator.get_windowed_value(value, None) for value in chain.from_iterable(partitions)]


def _apply_fed(
    items: Iterable[object],
    apply: Callable[..., object],
    dofn: object,
    settings: dict[str, object],
    receivers: object,
    views: Sequence[tuple[type[AsSideInput], dict[str, object]]],
    *values: Sequence[object],
) -> object:
    sides = [
        SideInputMap(kind, options, value)  # type: ignore[arg-type]  # it takes the class, not an instance
        for (kind, options), value in zip(views, values, strict=True)
    ]
    return apply(items, dofn, settings | {"side_inputs": sides}, receivers)
