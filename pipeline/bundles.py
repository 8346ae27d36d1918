"""How Beam's in-process runner holds what goes from stage to stage, and hands it on: on disk, and piece by piece.

Beam 2.77 keeps the whole of it in memory, and gives a stage all of its input at once, copied three times on its way. So
a run took as many bytes as its largest shuffle has, four times over. Here a stage has its input in bundles of bounded
size, as it would on any other engine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, wait
from itertools import chain
from typing import Any, cast

from apache_beam.metrics import monitoring_infos
from apache_beam.portability.api import beam_fn_api_pb2
from apache_beam.runners.portability.fn_api_runner.execution import (
    BundleContextManager,
    FnApiRunnerExecutionContext,
    GroupingBuffer,
    ListBuffer,
)
from apache_beam.runners.portability.fn_api_runner.fn_runner import BundleManager, FnApiRunner, ParallelBundleManager
from apache_beam.runners.portability.fn_api_runner.worker_handlers import WorkerHandler
from apache_beam.transforms.trigger import create_trigger_driver
from apache_beam.transforms.window import GlobalWindow, GlobalWindows
from apache_beam.utils import thread_pool_executor, windowed_value

from transforms.heap import Heap, HeapList, Place
from transforms.memory import give_back

_BUNDLE = 8 << 20  # bytes of input of a bundle; one element may have more
_TURNS = 16  # shares of a stage for each worker: how long the last is at work alone is one of them at the worst
_GROUPS = 32  # … and keys: what comes of a file's name is all of its rows, and waits in memory until the bundle ends
_Input = Mapping[str, Iterable[bytes]]  # of a stage: encoded elements by the transform that reads them


class Stages(FnApiRunner):
    """Runs the stages of a graph with little in memory."""

    def _execute_bundle(
        self,
        runner_execution_context: FnApiRunnerExecutionContext,
        bundle_context_manager: BundleContextManager,
        bundle_input: Any,
    ) -> Any:
        """Run a stage with buffers of ours where it is about to write."""
        buffers = runner_execution_context.pcoll_buffers
        for transform, buffer_id in bundle_context_manager.stage_data_outputs.items():
            buffer = bundle_context_manager.get_buffer(buffer_id, transform)
            if type(buffer) is ListBuffer:
                buffers[buffer_id] = _HeapList(buffer)
            elif type(buffer) is GroupingBuffer:
                buffers[buffer_id] = _HeapGroups(buffer)
        result = super()._execute_bundle(runner_execution_context, bundle_context_manager, bundle_input)
        give_back()
        return result

    def _get_bundle_manager(self, bundle_context_manager: BundleContextManager) -> BundleManager:
        kind = type(super()._get_bundle_manager(bundle_context_manager))
        return (_Shares if kind is ParallelBundleManager else _Pieces)(
            bundle_context_manager,
            self._progress_frequency,
            cache_token_generator=FnApiRunner.get_cache_token_generator(static=False),
        )


class _HeapList(ListBuffer):
    """A collection in a heap; takes the place of an empty buffer."""

    def __init__(self, buffer: ListBuffer) -> None:
        super().__init__(buffer._coder_impl)
        self._inputs: HeapList = HeapList(Heap(), [])  # type: ignore[assignment]  # does what is asked of the list
        self._inputs.extend(buffer)

    def copy(self) -> ListBuffer:
        new = _HeapList(ListBuffer(self._coder_impl))
        new._inputs = self._inputs.copy()
        return new


class _HeapGroups(GroupingBuffer):
    """A grouping by key whose elements are in a heap; takes the place of an empty buffer."""

    def __init__(self, buffer: GroupingBuffer) -> None:
        super().__init__(buffer._pre_grouped_coder, buffer._post_grouped_coder, buffer._windowing)
        self._heap = Heap()
        self._table: dict[bytes, list[Place]] = {}  # type: ignore[assignment]  # where elements are, instead of values
        self._driver = None if self._windowing.is_default() else create_trigger_driver(self._windowing, True)

    def append(self, elements_data: bytes) -> None:
        key_coder, coder = self._key_coder.get_impl(), self._pre_grouped_coder.get_impl()
        for element in coder.decode_all(elements_data):
            self._add(key_coder.encode(element.value[0]), coder.encode_nested(element))

    def _add(self, key: bytes, element: bytes) -> None:
        self._table.setdefault(key, []).append(self._heap.add(element))

    def extend(self, input_buffer: object) -> None:
        if isinstance(input_buffer, _HeapGroups):
            for key, places in input_buffer._table.items():
                for place in places:
                    self._add(key, input_buffer._heap.get(place))

    def partition(self, n: int) -> list[list[bytes]]:
        keys = list(self._table)
        return cast("list[list[bytes]]", [_Groups(self, keys[share::n]) for share in range(n)])

    def group(self, key: bytes) -> bytes:
        """What the grouping gives for a key, encoded."""
        before, after = self._pre_grouped_coder.get_impl(), self._post_grouped_coder.get_impl()
        elements = [before.decode_nested(self._heap.get(place)) for place in self._table[key]]
        found = elements[0].value[0]
        if self._driver is None:
            return cast(bytes, after.encode_nested(_IN_ONE_WINDOW((found, [each.value[1] for each in elements]))))
        windowed = [each.with_value(each.value[1]) for each in elements]
        return cast(bytes, after.encode_all(self._driver.process_entire_key(found, windowed)))


class _Groups:
    """The groups of some keys, made as they are asked for."""

    def __init__(self, groups: _HeapGroups, keys: Sequence[bytes]) -> None:
        self._groups = groups
        self._keys = keys

    def __iter__(self) -> Iterator[bytes]:
        return map(self._groups.group, self._keys)

    def __len__(self) -> int:
        return len(self._keys)


_IN_ONE_WINDOW = GlobalWindows.windowed_value(
    None,
    timestamp=GlobalWindow().max_timestamp(),
    pane_info=windowed_value.PaneInfo(
        is_first=True,
        is_last=True,
        timing=windowed_value.PaneInfoTiming.ON_TIME,
        index=0,
        nonspeculative_index=0,
    ),
).with_value


class _Pieces(BundleManager):
    """Gives a worker the input of a stage in one bundle after the other."""

    def process_bundle(self, inputs: _Input, outputs: Any, fired: Any, timers: Any, dry_run: bool = False) -> Any:
        """Run them all; returns what one bundle would have."""
        pieces = _cut(inputs) if len(inputs) == 1 and not fired else [inputs]
        run = super().process_bundle
        return _merged([run(piece, outputs, fired, timers, dry_run) for piece in pieces])  # type: ignore[arg-type]


class _Shares(BundleManager):
    """Gives the input of a stage to several workers, share by share to whoever is free."""

    def process_bundle(self, inputs: Any, outputs: Any, fired: Any, timers: Any, dry_run: bool = False) -> Any:
        """Run them all; returns what one bundle would have."""
        workers = self.bundle_context_manager.worker_handlers
        waiting = deque(enumerate(_shares(inputs, len(workers) * _TURNS)))

        def work(worker: WorkerHandler) -> list[Any]:
            own = _OneWorker(self.bundle_context_manager, worker)
            pieces = _Pieces(own, self._progress_frequency, self._cache_token_generator)  # type: ignore[arg-type]
            results = []
            while waiting:
                try:
                    number, share = waiting.popleft()
                except IndexError:  # another was faster
                    break
                results.append(pieces.process_bundle(share, outputs, {} if number else fired, timers, dry_run))
            return results

        # Threads of Beam's, which nobody waits for where a signal ends the run: who speaks to a dead worker never ends.
        pool = thread_pool_executor.shared_unbounded_instance()
        done = [pool.submit(work, worker) for worker in workers]
        wait(done, return_when=FIRST_EXCEPTION)
        waiting.clear()  # for nobody if one has failed
        return _merged(list(chain.from_iterable(each.result() for each in done)))


def _shares(inputs: Any, most: int) -> Iterator[dict[str, Any]]:
    """The input in at most so many shares; one at least, for a stage without elements has something to say, too."""
    parts = {name: buffer.partition(most) for name, buffer in inputs.items()}
    for number in range(most):
        share = {name: part[number] for name, part in parts.items()}
        if not number or any(map(_has_elements, share.values())):
            yield share


def _has_elements(part: Any) -> bool:
    return any(part) if isinstance(part, list) else len(part) > 0  # Beam's own buffers fill up with empty strings


class _OneWorker:
    """The context of a stage in which there is one worker, whom the bundles of a share go to."""

    def __init__(self, context: BundleContextManager, worker: WorkerHandler) -> None:
        self._context = context
        self.worker_handlers = [worker]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)


def _cut(inputs: _Input) -> Iterator[dict[str, list[bytes]]]:
    """The input in pieces; one at least, for a stage without elements has something to say, too."""
    [(name, entries)] = inputs.items()
    piece: list[bytes] = []
    size = 0
    for entry in entries:
        if piece and (size + len(entry) > _BUNDLE or len(piece) == _GROUPS):
            yield {name: piece}
            piece, size = [], 0
        piece.append(entry)
        size += len(entry)
    yield {name: piece}


def _merged(results: Sequence[tuple[beam_fn_api_pb2.InstructionResponse, list[Any]]]) -> Any:
    """What several bundles say, as one."""
    if len(results) == 1:
        return results[0]
    said = [result.process_bundle for result, _ in results]
    infos = monitoring_infos.consolidate(chain.from_iterable(each.monitoring_infos for each in said))
    roots = chain.from_iterable(each.residual_roots for each in said)
    whole = beam_fn_api_pb2.ProcessBundleResponse(monitoring_infos=infos, residual_roots=roots)
    splits = list(chain.from_iterable(found for _, found in results))
    return beam_fn_api_pb2.InstructionResponse(process_bundle=whole), splits
