"""Bytes to text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.extract.charset import decode
from transforms.extract.labels import CODECS, codec_of

# Sentences written for this test, long enough to be told apart.
SENTENCES = {
    "cp1251": "Вчера мы ходили в лес за грибами, а вечером пили чай на веранде и слушали дождь.",
    "koi8-r": "Вчера мы ходили в лес за грибами, а вечером пили чай на веранде и слушали дождь.",
    "cp1252": "Der Bäcker öffnet früh, weil die Brötchen für die Schüler schon um sieben Uhr fertig sein müssen.",
    "cp932": "昨日は森へきのこを採りに行き、夜は縁側でお茶を飲みながら雨の音を聞いていました。",
    "euc_jis_2004": "昨日は森へきのこを採りに行き、夜は縁側でお茶を飲みながら雨の音を聞いていました。",
    "gb18030": "昨天我们去森林里采蘑菇，晚上在阳台上喝茶，听着雨声，聊了很久以前的事情。",
    "big5hkscs": "昨天我們去森林裡採蘑菇，晚上在陽台上喝茶，聽著雨聲，聊了很久以前的事情。",
    "cp949": "어제 우리는 숲으로 버섯을 따러 갔고 저녁에는 베란다에서 차를 마시며 빗소리를 들었다.",
    "cp1256": "ذهبنا أمس إلى الغابة لجمع الفطر وفي المساء شربنا الشاي على الشرفة واستمعنا إلى المطر.",
    "cp1253": "Χθες πήγαμε στο δάσος για μανιτάρια και το βράδυ ήπιαμε τσάι στη βεράντα ακούγοντας τη βροχή.",
    "iso2022_jp_ext": "昨日は森へきのこを採りに行き、夜は縁側でお茶を飲みました。",
}


def page(sentence: str, codec: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body><p>{sentence}</p><p>{sentence}</p></body></html>".encode(codec)


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("ISO-8859-1", "cp1252"),
        ("latin1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("Shift_JIS", "cp932"),
        ("x-sjis", "cp932"),
        ("euc-kr", "cp949"),
        ("ks_c_5601-1987", "cp949"),
        ("iso-8859-9", "cp1254"),
        ("tis-620", "cp874"),
        ("big5", "big5hkscs"),
        ("euc-jp", "euc_jis_2004"),
        (" 'UTF8' ", "utf-8"),
    ],
)
def test_a_label_means_what_browsers_mean_by_it(label: str, codec: str) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize("label", ["utf-7", "hex", "rot13", "unicode_escape", "idna", "punycode", "hz-gb-2312", ""])
def test_labels_that_are_no_web_encoding_name_nothing(label: str) -> None:
    assert codec_of(label) == ""


@pytest.mark.parametrize("codec", SENTENCES)
def test_an_undeclared_page_is_read_in_its_encoding(codec: str) -> None:
    assert SENTENCES[codec] in decode(page(SENTENCES[codec], codec), http_charset="")[0]


@pytest.mark.parametrize("codec", SENTENCES)
def test_a_false_declaration_of_utf8_gives_way(codec: str) -> None:
    text, _ = decode(page(SENTENCES[codec], codec, '<meta charset="utf-8">'), http_charset="utf-8")
    assert SENTENCES[codec] in text


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "gb2312", "shift_jis"])
def test_utf8_is_read_as_such_whatever_is_declared(label: str) -> None:
    text, codec = decode(page(SENTENCES["cp1252"], "utf-8"), http_charset=label)
    assert SENTENCES["cp1252"] in text
    assert codec == "utf-8"


@pytest.mark.parametrize(
    ("http_charset", "head", "codec"),
    [
        ("windows-1251", '<meta charset="koi8-r">', "cp1251"),  # HTTP before meta
        ("", '<meta charset="koi8-r">', "koi8-r"),
        ("", "<META http-equiv=Content-Type content='text/html; charset=KOI8-R'>", "koi8-r"),
        ("nonsense", "<meta charset=koi8-r>", "koi8-r"),
        ("", '<!-- <meta charset="windows-1251"> --><meta charset="koi8-r">', "koi8-r"),
        ("", '<meta name="x" content="charset"><meta charset="koi8-r">', "koi8-r"),
    ],
)
def test_declarations_are_heard_in_order(http_charset: str, head: str, codec: str) -> None:
    # Two Cyrillic letters: too few for a detector to overrule anybody.
    assert decode(f"<html><head>{head}</head><body>да</body>".encode(codec), http_charset=http_charset)[1] == codec


def test_an_xml_declaration_is_heard() -> None:
    body = '<?xml version="1.0" encoding="iso-8859-2"?><html><body>zażółć</body></html>'.encode("iso8859-2")
    assert decode(body, http_charset="") == (body.decode("iso8859-2"), "iso8859-2")


@pytest.mark.parametrize(
    ("bom", "codec"), [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")]
)
def test_a_byte_order_mark_outranks_http(bom: bytes, codec: str) -> None:
    assert decode(bom + "<p>ж</p>".encode(codec), http_charset="windows-1252") == ("<p>ж</p>", codec)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised(codec: str) -> None:
    text, found = decode(page("Grüße", codec), http_charset="")
    assert "Grüße" in text
    assert found == codec


def test_meta_utf16_in_ascii_markup_means_utf8() -> None:
    assert decode('<meta charset="utf-16"><p>é</p>'.encode(), http_charset="")[1] == "utf-8"


def test_two_ideographs_in_gbk_are_not_taken_for_utf8() -> None:
    # The bytes are well-formed UTF-8 as well; only the declaration can tell.
    assert decode("<p>联通</p>".encode("gb18030"), http_charset="gbk")[0] == "<p>联通</p>"


def test_one_broken_character_does_not_discredit_utf8() -> None:
    body = page(SENTENCES["cp1251"], "utf-8") + b"\xff"
    text, codec = decode(body, http_charset="utf-8")
    assert codec == "utf-8"
    assert text.endswith("\ufffd")


def test_nec_characters_are_read_in_euc_jp() -> None:
    assert "①㈱" in decode(b"<p>\xad\xa1\xad\xea</p>", http_charset="euc-jp")[0]


def test_nuls_are_left_out() -> None:
    assert decode(b"<p>a\0b</p>", http_charset="utf-8")[0] == "<p>ab</p>"


@settings(deadline=None, max_examples=200)
@given(
    body=st.binary(max_size=300) | st.text(max_size=100).map(lambda t: t.encode("utf-16-le", "surrogatepass")),
    codec=st.sampled_from(sorted(CODECS)),
)
def test_any_bytes_become_clean_text(body: bytes, codec: str) -> None:
    for text in (decode(body, http_charset="")[0], decode(body, http_charset=codec)[0], body.decode(codec, "replace")):
        text.encode("utf-8")  # no lone surrogate
    assert "\0" not in decode(body, http_charset=codec)[0]
