"""The command line as Markdown: docs/cli.md, made from the parsers themselves."""

from __future__ import annotations

import argparse

from pipeline.exit_codes import MEANINGS
from pipeline.markdown import MADE, table
from pipeline.parsers import parser
from pipeline.shared_flags import Parser

_OPENING = """\
# Command line

`firsthand COMMAND --help` says the same. A flag is never abbreviated; a mistake is one line, `firsthand: error: …`,
with its cure. `firsthand --version` prints the release. Flags after `--` go to Beam.
What the commands are for: the [guide](guide.md).
"""


def commands() -> dict[str, Parser]:
    """Every command and its parser, in the order of --help."""
    return dict(parser().verbs)


def arguments(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """What a command takes, positionals first, without --help and what it only names another command for."""
    # argparse has no public list of them.
    told = [a for a in command._actions if a.help != argparse.SUPPRESS]
    actions = [a for a in told if not isinstance(a, argparse._HelpAction)]
    return sorted(actions, key=lambda action: bool(action.option_strings))


def command_line_page() -> str:
    """docs/cli.md: every command, argument, default and exit code."""
    verbs = commands()
    parts = [
        _OPENING,
        *table(("command", "what it does"), ((f"[`{v.prog}`](#firsthand-{n})", _help(v)) for n, v in verbs.items())),
        "\n## Exit codes\n",
        *table(("code", "meaning"), ((str(code), meaning) for code, meaning in MEANINGS.items())),
    ]
    for verb in verbs.values():
        parts += [f"\n## {verb.prog}\n", _help(verb), "", "```", _usage(verb), "```"]
        if taken := arguments(verb):
            parts += ["", *table(("argument", "default", "meaning"), map(_row, taken))]
    return MADE + "\n".join(parts) + "\n"


def _help(verb: argparse.ArgumentParser) -> str:
    return verb.description or ""


def _usage(verb: argparse.ArgumentParser) -> str:
    """Its own words where it has them; else made here, for argparse breaks lines by the width of the terminal."""
    if verb.usage:
        return verb.usage
    taken = arguments(verb)
    words = [verb.prog, *(_name(a) for a in taken if a.required or not a.option_strings)]
    if any(a.option_strings and not a.required for a in taken):
        words.append("[options]")
    if verb.get_default("beam") is not None:
        words.append("[-- BEAM FLAGS]")
    return " ".join(words)


def _name(action: argparse.Action) -> str:
    """`INPUT…`, `[DIR…]`, `--limit N`, `--explain [N]`, `--dry-run`."""
    value = str(action.metavar or "|".join(map(str, action.choices or ())))
    shown = {"?": f"[{value}]", "*": f"[{value}…]", "+": f"{value}…"}.get(str(action.nargs), value)
    if not action.option_strings:
        return shown
    flag = action.option_strings[-1]
    return flag if action.nargs == 0 else f"{flag} {shown}"


def _row(action: argparse.Action) -> tuple[str, str, str]:
    default = action.default
    unsaid = default is None or default is False or default == []
    required = action.required and action.nargs not in ("?", "*")
    return f"`{_name(action)}`", "required" if required else "" if unsaid else f"`{default}`", action.help or ""
