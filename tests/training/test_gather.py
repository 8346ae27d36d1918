"""Prose from Debian packages: what is read, what is cut, and that nothing young, hostile or said before gets in."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import shutil
import tarfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from training.deb import license_of, read_package, written_by
from training.gather import extract, gather, language_of, write
from training.pins import Pin, fetch, read_pins
from transforms.errors import ConfigError, InputError

pytestmark = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="needs dpkg-deb and apt-get, as on Debian")

COLUMNS = ["text", "label", "generator", "family", "era", "domain", "lang", "attack", "source", "license", "group"]
OLD, YOUNG = "2021-05-01", "2023-05-01"
WORDS = (
    "the of and to in that was with for his her on at by from they said but not which all their there when what about "
    "river kettle sonnet engine orchard ledger glacier violin harbour compass garden neighbour evening letter window "
    "walked painted forgot described borrowed praised measured followed remembered slowly quietly never always again"
)


def sentence(number: int) -> str:
    """Words in an order unlike that of any other number."""
    chosen = " ".join(random.Random(number).choices(WORDS.split(), k=14))
    return f"{chosen.capitalize()}."


def essay(first: int, sentences: int = 120) -> str:
    """Paragraphs of six sentences, an empty line between two."""
    lines = [sentence(n) for n in range(first, first + sentences)]
    return "\n\n".join(" ".join(lines[n : n + 6]) for n in range(0, sentences, 6))


def changelog(*entries: tuple[str, str]) -> bytes:
    """A Debian changelog, newest entry first: version and ISO date of each."""
    stamps = [
        (version, datetime.fromisoformat(date).strftime("%a, %d %b %Y 12:00:00 +0000")) for version, date in entries
    ]
    return "".join(
        f"tale ({v}) unstable; urgency=low\n\n  * New.\n\n -- A <a@b.c>  {d}\n\n" for v, d in stamps
    ).encode()


def build(path: Path, files: dict[str, bytes], modified: str = OLD) -> Path:
    """A Debian package: an ar archive of three members."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"./{name}")
            member.size, member.mtime = (
                len(content),
                int(datetime.fromisoformat(modified).replace(tzinfo=UTC).timestamp()),
            )
            archive.addfile(member, io.BytesIO(content))
    control = io.BytesIO()
    with tarfile.open(fileobj=control, mode="w:gz"):
        pass
    with path.open("wb") as file:
        file.write(b"!<arch>\n")
        parts = (b"debian-binary", b"2.0\n"), (b"control.tar.gz", control.getvalue()), (b"data.tar.gz", data.getvalue())
        for name, content in parts:
            file.write(b"%-16s%-12d%-6d%-6d%-8s%-10d`\n" % (name, 0, 0, 0, b"100644", len(content)))
            file.write(content + b"\n" * (len(content) % 2))
    return path


def package(path: Path, *entries: tuple[str, str], modified: str = OLD, **texts: str) -> Path:
    """A package called tale with these texts in its documentation."""
    doc = "usr/share/doc/tale"
    files = {f"{doc}/{name}.txt": text.encode() for name, text in texts.items()}
    about = {
        f"{doc}/changelog.Debian.gz": gzip.compress(changelog(*entries)),
        f"{doc}/copyright": b"Files: *\nCopyright: A\nLicense: GPL-2+\n",
    }
    return build(path, files | about, modified)


def pin(path: Path | None = None, languages: tuple[str, ...] = ("en",)) -> Pin:
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path else "0" * 64
    return Pin("tale", "1.0-1", digest, languages, "opinion", "packaged 2021-05-01")


def test_rows_have_the_columns_and_sizes_of_the_labelled_texts(tmp_path: Path) -> None:
    deb = package(tmp_path / "a.deb", ("1.0-1", OLD), essay=essay(0))
    rows = list(extract(deb, pin(), set()))
    assert len(rows) > 3
    for row in rows:
        assert list(row) == COLUMNS
        assert (row["label"], row["domain"], row["lang"], row["license"]) == ("human", "opinion", "en", "GPL-2+")
        assert (row["source"], row["group"]) == ("debian:tale", "debian:tale/usr/share/doc/tale/essay.txt")
        assert 60 <= len(row["text"].split()) <= 500
        assert set(row["text"].split("\n")) <= set(essay(0).split("\n\n"))


def test_the_same_packages_give_the_same_bytes(tmp_path: Path) -> None:
    deb = package(tmp_path / "a.deb", ("1.0-1", OLD), essay=essay(0), other=essay(200))
    written = [write(list(extract(deb, pin(), set())), tmp_path / name) for name in ("one", "two")]
    assert written[0].read_bytes() == written[1].read_bytes()
    assert pq.read_table(written[0]).num_rows > 6


def test_a_text_that_was_said_before_is_left_out(tmp_path: Path) -> None:
    deb = package(tmp_path / "a.deb", ("1.0-1", OLD), a=essay(0), b=essay(0), c=essay(0).upper().capitalize())
    alone = package(tmp_path / "b.deb", ("1.0-1", OLD), a=essay(0))
    shared: set[int] = set()
    words = sum(len(row["text"].split()) for row in extract(deb, pin(), set()))
    assert words <= 1.4 * len(essay(0).split())  # a passage may say three tenths again
    assert list(extract(alone, pin(), shared))
    assert not list(extract(alone, pin(), shared))


def test_no_package_dominates_and_every_file_comes_first(tmp_path: Path) -> None:
    texts = {f"part{n}": essay(100 * n, 100) for n in range(10)}
    long = essay(2000, 2000)
    rows = list(extract(package(tmp_path / "a.deb", ("1.0-1", OLD), long=long, **texts), pin(), set()))
    assert len(rows) == pin().most
    assert len(Counter(row["group"] for row in rows)) == 11


def test_half_a_translation_has_no_language() -> None:
    english = (
        "The first thing you should do is to open the window and to look whether the cat is in the garden or not. " * 2
    )
    german = (
        "Als Erstes sollten Sie das Fenster öffnen und nachsehen, ob die Katze im Garten ist oder vielleicht nicht. "
        * 2
    )
    assert language_of(english) == "en"
    assert language_of(f"{english}\n{german}") == ""


def test_a_young_package_is_refused_by_name(tmp_path: Path) -> None:
    deb = package(tmp_path / "a.deb", ("1.0-1", YOUNG), modified=YOUNG, essay=essay(0))
    with pytest.raises(InputError, match=r"tale 1\.0-1.*before 2022-11-30.*off the list"):
        list(extract(deb, pin(), set()))


def test_an_old_file_of_a_young_package_counts(tmp_path: Path) -> None:
    deb = package(tmp_path / "a.deb", ("1.0-1", YOUNG), modified=OLD, essay=essay(0))
    assert list(extract(deb, pin(), set()))


@pytest.mark.parametrize(
    ("entries", "date"),
    [
        ([("1.0-2", OLD), ("1.0-1", "2020-01-02")], OLD),
        ([("1.0-2", YOUNG), ("1.0-1", OLD), ("0.9-1", "2019-01-01")], OLD),
        ([("1:1.1-1", YOUNG), ("1.0-1", OLD)], YOUNG),
        ([("2.1", YOUNG), ("2.0", OLD)], YOUNG),
        ([], ""),
    ],
    ids=["newest", "packaged again", "new release", "native", "none"],
)
def test_a_package_is_as_old_as_its_upstream_release(entries: list[tuple[str, str]], date: str) -> None:
    assert written_by(changelog(*entries).decode()) == date


def test_a_date_that_is_none_is_passed_over() -> None:
    text = changelog(("1.0-1", OLD)).decode()
    assert written_by("tale (1.0-2) x; urgency=low\n\n -- A <a@b.c>  sometime in spring\n\n" + text) == OLD


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Files: *\nCopyright: 2001 A\nLicense: Expat\n Permission", "Expat"),
        (
            "This manual is under the GNU Free Documentation License; the code under the GNU General Public License.",
            "GFDL",
        ),
        ("Do as you like.", "not stated"),
    ],
)
def test_a_licence_is_named_in_short(text: str, name: str) -> None:
    assert license_of(text) == name


def test_what_is_too_large_or_no_plain_file_is_not_read(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(9 << 20))
    files = {"usr/share/doc/tale/bomb.gz": bomb, "usr/share/doc/tale/torn.gz": bomb[:40], "usr/share/doc/tale/a": b"A."}
    deb = build(tmp_path / "a.deb", files)
    found = read_package(deb, "tale", lambda path: True)
    assert [file.path for file in found.files if file.data.strip(b"\0")] == ["usr/share/doc/tale/a"]
    assert all(len(file.data) <= 8 << 20 for file in found.files)


def test_a_damaged_package_is_named(tmp_path: Path) -> None:
    deb = tmp_path / "torn.deb"
    deb.write_bytes(b"!<arch>\nnot much")
    with pytest.raises(InputError, match=r"torn\.deb is damaged"):
        read_package(deb, "tale", lambda path: True)


def test_a_kept_package_is_used_only_with_the_pinned_digest(tmp_path: Path) -> None:
    deb = package(tmp_path / "a.deb", ("1.0-1", OLD), essay=essay(0))
    good = pin(deb)
    kept = deb.rename(tmp_path / f"{good.sha256}.deb")
    assert fetch(good, tmp_path) == kept
    kept.write_bytes(b"other")
    with pytest.raises(InputError, match=r"tale 1\.0-1: got a file whose SHA-256"):
        fetch(good, tmp_path)
    assert not kept.exists()


def test_a_version_that_is_not_served_is_named_or_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deb = package(tmp_path / "a.deb", ("1.0-1", OLD), essay=essay(0))
    good = pin(deb)
    deb.rename(tmp_path / f"{good.sha256}.deb")
    gone = Pin("firsthand-no-such-package", "7-7", "0" * 64, ("en",), "misc", "")
    with pytest.raises(InputError, match="firsthand-no-such-package 7-7: the archive does not serve it"):
        list(gather([gone, good], tmp_path))
    assert list(gather([gone, good], tmp_path, skip_missing=True))
    assert "skipped: firsthand-no-such-package 7-7" in capsys.readouterr().err


def test_the_shipped_list_is_sound() -> None:
    pins = read_pins()
    assert len({entry.name for entry in pins}) == len(pins)
    assert all(entry.version and entry.domain and entry.dated for entry in pins)
    assert sum("en" in entry.languages for entry in pins) >= 40


def test_all_mistakes_of_a_list_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    good = 'name = "a"\nversion = "1"\nsha256 = "%s"\nlanguages = ["en"]\ndomain = "misc"\ndated = "2020"\n' % (
        "0" * 64
    )
    bad = good.replace("0000", "", 1).replace('["en"]', "[]") + 'form = "scroll"\nmost = 900\n'
    path.write_text(f"[[package]]\n{good}\n[[package]]\n{bad}")
    with pytest.raises(ConfigError) as caught:
        read_pins(path)
    assert len(caught.value.problems) == 5
    path.write_text(f"[[package]]\n{good}colour = 'red'\n")
    with pytest.raises(ConfigError, match="colour"):
        read_pins(path)
