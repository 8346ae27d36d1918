"""What a staged graph says of itself: its steps, and the functions pickled in it."""

from __future__ import annotations

import base64
import bz2
import re
import zlib
from collections.abc import Iterable, Iterator

from apache_beam.portability.api import beam_runner_api_pb2

_PACKED = re.compile(rb"(?=((?:Qlpo|eN)[A-Za-z0-9+/]{40,}))")  # base64 of what begins as bzip2 and zlib do


def steps(graph: bytes) -> list[str]:
    """The steps of a graph in its order, each below those it is part of: `  Documents/Read  pardo`."""
    pipeline = beam_runner_api_pb2.Pipeline.FromString(graph)
    transforms = pipeline.components.transforms

    def below(names: Iterable[str], depth: int) -> Iterator[str]:
        for name in names:
            step = transforms[name]
            kind = step.spec.urn.removeprefix("beam:transform:").removesuffix(":v1")
            yield f"{'  ' * depth}{step.unique_name}  {kind}".rstrip()
            yield from below(step.subtransforms, depth + 1)

    return [line for root in pipeline.root_transform_ids for line in below(transforms[root].subtransforms, 0)]


def environments(graph: bytes) -> list[str]:
    """The container images that the steps run in."""
    components = beam_runner_api_pb2.Pipeline.FromString(graph).components
    return sorted(
        beam_runner_api_pb2.DockerPayload.FromString(environment.payload).container_image
        for environment in components.environments.values()
    )


def pickles(graph: bytes) -> list[bytes]:
    """What is pickled in a graph, unpacked."""
    return [found for match in _PACKED.finditer(graph) if (found := _unpacked(match[1]))]


def _unpacked(packed: bytes) -> bytes:
    """What was packed; nothing if it only looked like it."""
    opener = bz2.BZ2Decompressor() if packed.startswith(b"Qlpo") else zlib.decompressobj()
    try:
        return opener.decompress(base64.b64decode(packed[: len(packed) // 4 * 4]))
    except (OSError, zlib.error):
        return b""
