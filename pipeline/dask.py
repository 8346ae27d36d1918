"""Beam's Dask runner with its gaps closed: `--runner=pipeline.dask.DaskRunner` runs our graphs on a Dask cluster.

Beam 2.77 (apache_beam/runners/dask) computes only the last step of a graph, so that of two ends one is lost; takes
Reshuffle for nothing, so that one worker gets the whole work list; computes a side input anew, with all that it comes
from, in every task that asks for it; drops what a step says at the end of a bundle; keeps what a task said for its
next attempt in the same process, which then says it twice; and reports success when the scheduler is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import apache_beam as beam
from apache_beam.internal import pickler
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pipeline import AppliedPTransform, PipelineVisitor
from apache_beam.pvalue import PCollection
from apache_beam.runners.common import DoFnContext, DoFnInvoker, DoFnSignature, _OutputHandler
from apache_beam.runners.dask import dask_runner
from apache_beam.runners.dask import transform_evaluator as evaluator
from apache_beam.runners.dask.overrides import _Reshuffle
from apache_beam.transforms.sideinputs import SideInputMap
from apache_beam.transforms.window import GlobalWindows
from dask import delayed
from dask.bag import Bag

_WINDOW = GlobalWindows()  # our graphs know no other
_PIECES = 16  # that a reshuffled collection is cut into where the flags do not say: as many tasks


class DaskRunner(dask_runner.DaskRunner):
    """Computes every end of the graph; Reshuffle spreads its elements over `--dask_npartitions` tasks."""

    def run_pipeline(self, pipeline: beam.Pipeline, options: PipelineOptions) -> dask_runner.DaskRunnerResult:
        """Start the graph."""
        evaluator.TRANSLATIONS |= {_Reshuffle: _Spread, beam.ParDo: _ParDo}
        ends = _Ends()
        pipeline.visit(ends)
        tuple(ends.found()) | "EveryEnd" >> beam.Flatten(pipeline=pipeline)
        started = super().run_pipeline(pipeline, options)
        return _Result(started.client, started.futures)


class _Result(dask_runner.DaskRunnerResult):
    """A job; waited for, it lets go of the cluster, which drops what is left of it after Ctrl-C."""

    def wait_until_finish(self, duration: float | None = None) -> str:
        """Wait for the end; raises RuntimeError if the scheduler has gone, which Beam takes for success."""
        try:
            state: str = super().wait_until_finish(duration)
            if any(future.status != "finished" for future in self.futures):
                raise RuntimeError("the connection to the Dask scheduler is lost, and the job with it")
        finally:
            self.client.close()
        return state


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


class _ParDo(evaluator.DaskBagOp):
    def apply(self, input_bag: Bag, side_inputs: Sequence[SideInputMap] | None = None) -> Bag:
        sides = side_inputs or ()
        arguments, named = self.transform.raw_side_inputs
        bundle = _Bundle(
            dofn=pickler.dumps(self.transform.fn),
            label=self.transform.label,
            arguments=tuple(arguments),
            named=dict(named),
            views=tuple(partial(SideInputMap, side._view_class, side._view_options) for side in sides),
        )
        # Tasks of the graph like any other, each computed once.
        values = [delayed(_joined)(side._iterable.bag.to_delayed(optimize_graph=False)) for side in sides]
        return input_bag.map_partitions(bundle, *values)


@dataclass(frozen=True, slots=True)
class _Bundle:
    """What a step does with one partition."""

    dofn: bytes  # pickled, so that every attempt has one of its own
    label: str
    arguments: tuple[object, ...]
    named: dict[str, object]
    views: tuple[Callable[[Sequence[object]], SideInputMap], ...]

    def __call__(self, items: Iterable[object], *sides: Sequence[object]) -> list[object]:
        said = evaluator.OneReceiver()
        invoker = self._invoker(said, [view(side) for view, side in zip(self.views, sides, strict=True)])
        invoker.invoke_setup()
        try:
            invoker.invoke_start_bundle()
            for item in items:
                invoker.invoke_process(evaluator.get_windowed_value(item, _WINDOW))
            invoker.invoke_finish_bundle()
        finally:
            invoker.invoke_teardown()
        return [output.value for output in said.values]

    def _invoker(self, said: evaluator.OneReceiver, sides: list[SideInputMap]) -> DoFnInvoker:
        return DoFnInvoker.create_invoker(
            DoFnSignature(pickler.loads(self.dofn)),
            _OutputHandler(_WINDOW, said[None], said, None, None, False, False),
            context=DoFnContext(self.label, state=None),
            side_inputs=sides,
            input_args=list(self.arguments),
            input_kwargs=self.named,
            bundle_finalizer_param=beam.DoFn.BundleFinalizerParam(),
        )


def _joined(partitions: Iterable[Iterable[object]]) -> list[object]:
    return [evaluator.get_windowed_value(value, _WINDOW) for value in chain.from_iterable(partitions)]
