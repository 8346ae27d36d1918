"""The forms in which prose lies in packages, and the cutting of paragraphs into passages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.passages import MAX_CHARACTERS, MAX_WORDS, MIN_WORDS, cut, is_prose, measure
from training.prose import FORMS, form_of, paragraphs

PAGE = b"""<html><head><title>No</title><style>p {}</style></head><body><nav><p>Menu.</p></nav>
<h1>Of cats</h1><p>A cat <b>sat</b> on<br>the <a href="x">mat</a>.<pre>int main();</pre> And left.
<table><tr><td>In a cell.</td></tr></table><ul><li>An item.</li></ul><!-- hidden --> Tail.</body></html>"""


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("usr/share/doc/a/README.gz", "plain"),
        ("usr/share/doc/a/html/index.html", "html"),
        ("usr/share/help/de/a/b.page", "xml"),
        ("usr/share/doc/HTML/de/a/index.cache.bz2", "html"),
        ("usr/share/man/ja/man6/a.6.gz", "manual"),
        ("usr/share/games/fortunes/art", "fortunes"),
        ("usr/share/games/fortunes/art.u8", ""),
        ("usr/share/perl/5/pod/perlfaq1.pod", "pod"),
        ("usr/share/doc/a/picture.png", ""),
    ],
)
def test_a_path_tells_the_form(path: str, form: str) -> None:
    assert form_of(path) == form
    assert not form or form in FORMS


def test_html_gives_its_blocks_without_code_and_menus() -> None:
    found = list(paragraphs("a.html", PAGE))
    assert found == ["Of cats", "A cat sat on", "the mat.", "And left.", "In a cell.", "An item.", "Tail."]


def test_docbook_gives_paragraphs_and_expands_no_entity() -> None:
    page = b"""<!DOCTYPE book [<!ENTITY app "x"><!ENTITY file SYSTEM "file:///etc/hostname">]><book><bookinfo><para>No.</para>
</bookinfo><para>With &app; you <indexterm><primary>no</primary></indexterm>save&nbsp;time &file;.</para></book>"""
    assert list(paragraphs("a.docbook", page)) == ["With app you save time ."]


def test_broken_markup_gives_what_can_be_read() -> None:
    assert list(paragraphs("a.html", b"<p>One<p>Two</b></div><em<ragnarok<>Three<p>Four")) == [
        *("One", "TwoThree", "Four")
    ]
    assert list(paragraphs("a.page", b"<page><p>One</p><p>Two")) == ["One", "Two"]
    assert list(paragraphs("a.html", b"")) == list(paragraphs("a.page", b"")) == []


def test_plain_text_is_parted_at_empty_lines_bullets_and_indents() -> None:
    text = b"One goes\non here.\n\n * Two is\n   an item.\n * Three too.\nFour ends here.\n   Five begins\nindented.\n"
    assert list(paragraphs("README", text)) == [
        *("One goes on here.", "* Two is an item.", "* Three too. Four ends here.", "Five begins indented.")
    ]


def test_lines_in_scripts_without_spaces_are_joined_without_one() -> None:
    assert list(paragraphs("README", "吾輩は猫で\nある。名前は\nまだ無い。".encode())) == [
        "吾輩は猫である。名前はまだ無い。"
    ]


def test_text_in_an_old_encoding_is_read() -> None:
    assert list(paragraphs("README", "Ça ira déjà.".encode("latin-1"))) == ["Ça ira déjà."]
    page = '<meta charset="koi8-r"><p>Привет, мир.</p>'.encode("koi8-r")
    assert list(paragraphs("a.html", page)) == ["Привет, мир."]


def test_pod_gives_paragraphs_without_commands_code_and_marks() -> None:
    text = b"=head1 NAME\n\nUse B<bold I<words>> in L<perlpod>.\n\n    my $code;\n\n=cut\n"
    assert list(paragraphs("a.pod", text)) == ["Use bold words in perlpod."]


def test_a_manual_page_gives_sentences_without_headings_tags_and_code() -> None:
    text = rb""".\" a comment
.TH SL 6
.SH DESCRIPTION
.B sl
is a \fIhighly\fR advanced
.BR animation ,
to cure a bad habit\(emof mistyping.
.PP
.TP
.B \-a
An accident seems to happen.
.nf
code();
.fi
Caf\['e] is fine.
"""
    assert list(paragraphs("usr/share/man/man6/sl.6", text)) == [
        "sl is a highly advanced animation, to cure a bad habit—of mistyping.",
        "An accident seems to happen.",
        "Café is fine.",
    ]


def test_fortunes_are_parted_at_percent_signs() -> None:
    text = b"First\ncookie.\n%\nSecond cookie.\n%\n"
    assert list(paragraphs("usr/share/games/fortunes/art", text)) == ["First cookie.", "Second cookie."]


def test_strings_of_a_game_are_read_in_order() -> None:
    text = (
        b'say("You see a door that is \\"locked\\", I fear.")\nx = "short"; y = [[The captain looks away from you.\n]]'
    )
    assert list(paragraphs("a.lua", text, "strings")) == [
        'You see a door that is "locked", I fear.',
        "The captain looks away from you.",
    ]


@pytest.mark.parametrize(
    ("paragraph", "prose"),
    [
        ("The old mill by the river had stood empty for years.", True),
        ("吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。", True),
        ("A heading of more than eight words without an end", False),
        ("of which the beginning was lost somewhere on the way here.", False),
        ("for (i = 0; i < n; i++) { a[i] = b[i] | c[i]; } return a;", False),
        ("Copyright (C) 1999 by the author of this text, as you see.", False),
        ("This program comes without any warranty, not even of being useful to you.", False),
        ("In 1999 12 345 67 890 1234 5678 and 90123 of 4567 were sold.", False),
        ("PLEASE DO NOT WRITE TO ME IN CAPITALS ALL THE TIME, OK.", False),
        ("Chapter one of this very good and long book .......... 17.", False),
        ("# The next line sets the colour of the window and of its frame.", False),
        ("Type @kbd{C-c} and then go on as if nothing had happened to you.", False),
        ("Short.", False),
    ],
)
def test_prose_is_told_from_code_data_headings_and_licences(paragraph: str, prose: bool) -> None:
    assert is_prose(paragraph) is prose


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(1, 700), max_size=30), st.text(max_size=5))
def test_passages_are_whole_paragraphs_in_order_and_of_bounded_size(lengths: list[int], seed: str) -> None:
    source = [
        f"Paragraph {'abcdefghijklmnopqrstuvwxyzäöüßéèêëñ'[n]}{' word' * size}." for n, size in enumerate(lengths)
    ]
    passages = list(cut(source, seed))
    lines = [line for passage in passages for line in passage.split("\n")]
    assert [line for line in source if line in set(lines)] == lines
    for passage in passages:
        assert MIN_WORDS <= measure(passage) <= MAX_WORDS
        assert len(passage) <= MAX_CHARACTERS
    assert passages == list(cut(source, seed))
