"""Entry point of the Flex Template: its parameters and the launcher's flags become a `firsthand extract`.

Google's launcher runs `python main.py --PARAMETER=VALUE … --BEAM_FLAG=VALUE …`, and the service then starts the one job
that was written to --template_location. An extraction is one job. A run is two, and a curation counts and marks its
corpus when its job is done, when nobody is here any more: `firsthand run` with the same input and output does that.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from pipeline.cli import main as firsthand


def command(arguments: Sequence[str]) -> list[str]:
    """The arguments of `firsthand` that mean these. What is no parameter of the template is a flag of Beam's.

    >>> given = ["--input=gs://a/ gs://b/", "--output=gs://c", "--sdk_container_image=i", "--region=r"]
    >>> " ".join(command(given))
    'extract gs://a/ gs://b/ --output gs://c -- --region=r --sdk_container_image=i --runner=DataflowRunner'
    """
    options, flags = parser().parse_known_args(arguments)
    ours = ["extract", *options.input.split(), "--output", options.output]
    if options.limit:
        ours += ["--limit", options.limit]
    for setting in options.settings.split(";"):
        if setting.strip():
            ours += ["--set", setting.strip()]
    return [*ours, "--", *flags, f"--sdk_container_image={options.sdk_container_image}", "--runner=DataflowRunner"]


def parser() -> argparse.ArgumentParser:
    """The parameters of the template, which metadata.json describes."""
    template = argparse.ArgumentParser(allow_abbrev=False)
    template.add_argument("--input", required=True)
    template.add_argument("--output", required=True)
    template.add_argument("--sdk_container_image", required=True)
    template.add_argument("--limit", default="")
    template.add_argument("--settings", default="")
    return template


if __name__ == "__main__":
    sys.exit(firsthand(command(sys.argv[1:])))
