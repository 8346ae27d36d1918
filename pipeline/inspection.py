"""`firsthand inspect`: which look at an output a user asks for, where it lies, and how wide the terminal is."""

from __future__ import annotations

import argparse
import posixpath
import shutil
import sys

from pipeline.place import place_of
from pipeline.reading import steady
from pipeline.uncurated import check_curated
from transforms.errors import UsageError
from transforms.read.address import is_remote
from transforms.report.columns import read_column
from transforms.report.compare import compare
from transforms.report.figures import read_story
from transforms.report.folder import Folder
from transforms.report.glimpse import GLIMPSE, glimpse_of
from transforms.report.jsontext import to_json
from transforms.report.manifest import read_manifest
from transforms.report.queries import ask, check_condition, naming_mistakes
from transforms.report.render import PATH, render
from transforms.report.samples import read_sample
from transforms.report.story import Story
from transforms.report.tables import open_tables
from transforms.report.text.answers import aligned, json_lines, tab_separated
from transforms.report.text.columns import column
from transforms.report.text.comparison import comparison
from transforms.report.text.samples import sample
from transforms.terminal import clean, shown

_CURE = "give its command again before you use the corpus"
WIDEST = 120  # columns; longer lines are hard to read


def inspect(options: argparse.Namespace) -> None:
    """Print the look that the command line asks for.

    Raises:
        UsageError: a flag or an expression in SQL makes no sense.
        InputError: the folder is not the output of a finished run, or a file in it cannot be read.
        OutputError: a run wrote to it meanwhile.
    """
    _check(options)
    folder = find_folder(options.folder, options.beam)
    with steady(folder):
        check_curated(folder)
        _look(folder, options)
        if not folder.holds("_SUCCESS"):
            warning = f"{folder.root} holds no _SUCCESS: the run did not finish, or the folder was changed; {_CURE}"
            print(f"firsthand: {shown(warning)}", file=sys.stderr)


def _look(folder: Folder, options: argparse.Namespace) -> None:
    if options.columns:
        _columns(folder, options)
    elif options.sample:
        _sample(folder, options)
    elif options.sql is not None:
        _answer(folder, options)
    elif options.why is not None:
        _why(folder, options)
    elif options.compare is not None:
        _compare(folder, options)
    else:
        story = read_story(folder, glimpse=glimpse_of(folder, GLIMPSE) if options.quick else None)
        print(to_json(story, indent=1) if options.json else render(story, width=width_of(options)).rstrip("\n"))


def _columns(folder: Folder, options: argparse.Namespace) -> None:
    read_manifest(folder)  # says what is wrong with a folder that is none of ours
    with open_tables(folder) as tables, naming_mistakes("--where", options.where or ""):
        found = [read_column(tables, name, where=options.where) for name in dict.fromkeys(options.columns)]
    if options.json:
        print(to_json(found, indent=1))
    else:
        print("\n".join(column(each, width_of(options)) for each in found), end="")


def _sample(folder: Folder, options: argparse.Namespace) -> None:
    read_manifest(folder)
    pages = read_sample(folder, options.sample, seed=options.seed or 0, where=options.where)
    if options.json:
        print(to_json(pages, indent=1))
    else:
        print("\n".join(sample(page, width_of(options)) for page in pages), end="")


def _answer(folder: Folder, options: argparse.Namespace) -> None:
    read_manifest(folder)
    with open_tables(folder) as tables:
        answer = ask(tables, options.sql)
        if options.json:
            lines = json_lines(answer)
        elif options.width or sys.stdout.isatty():
            lines = aligned(answer, width_of(options))
        else:
            lines = tab_separated(answer)
        for line in lines:
            print(line)


def _why(folder: Folder, options: argparse.Namespace) -> None:
    from pipeline.why.answer import answer
    from pipeline.why.view import to_text

    found = answer(folder, options.why)
    print(to_json(found, indent=1) if options.json else to_text(found, width_of(options)).rstrip("\n"))


def _compare(folder: Folder, options: argparse.Namespace) -> None:
    other = folder_at(place_of(options.compare))
    with steady(other):
        found = compare(folder, other)
    print(to_json(found, indent=1) if options.json else comparison(found, width_of(options)).rstrip("\n"))


def show_summary(story: Story) -> None:
    """Print the figures of a run at its end, and where its report is."""
    print(render(story, width=width_of()), end="")
    print(f"Read {clean(posixpath.join(story.output, 'report.html'), PATH)} in a browser.")


def find_folder(name: str, flags: tuple[str, ...]) -> Folder:
    """The folder that a user names; `flags` are Beam's, for one on an object store.

    Raises:
        UsageError: there are flags that are of no use.
    """
    place = place_of(name)
    if is_remote(place):
        from pipeline.run import check_flags

        check_flags(flags)
    elif flags:
        raise UsageError(f"flags after `--` go to Beam, which reads no local folder: {' '.join(flags)}")
    return folder_at(place)


def folder_at(root: str) -> Folder:
    """The folder at a path or an address."""
    if not is_remote(root):
        return Folder(root)
    from transforms.write.stage import list_files, open_file

    return Folder(root, list_files, open_file)


def width_of(options: argparse.Namespace | None = None) -> int:
    """Columns to write in: those asked for, else the terminal's up to `WIDEST`; 80 in a pipe."""
    asked: int | None = options.width if options else None
    return asked or min(shutil.get_terminal_size((80, 24)).columns, WIDEST)


def _check(options: argparse.Namespace) -> None:
    """Raise UsageError where a flag has nothing to go with."""
    if options.where is not None and not (options.sample or options.columns):
        raise UsageError("--where chooses rows for --sample or --column: give one of them, or use --sql")
    if options.where is not None:
        check_condition(options.where)
    if options.seed is not None and not options.sample:
        raise UsageError("--seed chooses the rows of --sample: give both")
