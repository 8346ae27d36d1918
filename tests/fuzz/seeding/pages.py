"""Seeds of what reads a page."""

from __future__ import annotations

import base64
import json

from tests.fuzz.seeding.samples import HTML, PROSE

_MODES = b"\0\0\0"  # what most harnesses choose by: the first of each option


def charsets() -> dict[str, bytes]:
    """Seeds of tests/fuzz/charsets.py by name."""
    japanese = "日本語のページです。川は水車のそばを流れる。"
    return {
        "utf-8": b"utf-8\n" + PROSE.encode(),
        "utf-8-called-latin-1": b"iso-8859-1\n" + japanese.encode(),
        "shift-jis": b"shift_jis\n" + japanese.encode("shift_jis"),
        "shift-jis-in-meta": b"\n<meta charset=shift_jis>" + japanese.encode("shift_jis"),
        "utf-16": b"\n" + japanese.encode("utf-16"),
        "utf-16-without-mark": b"\n" + f"<p>{PROSE}".encode("utf-16-le"),
        "iso-2022-jp": b"\n" + japanese.encode("iso2022_jp"),
        "xml-declaration": b'\n<?xml version="1.0" encoding="windows-1251"?>' + "река".encode("cp1251"),
        "gbk": b"gb2312\n" + "联通".encode("gbk"),
    }


def pages() -> dict[str, bytes]:
    """Seeds of tests/fuzz/pages.py by name."""
    metas = b'<meta name="date" content="2021-03-04"><meta name="generator" content="ChatGPT">'
    linked = json.dumps({"@type": "Article", "datePublished": "2021-03-04", "license": "CC BY 4.0"}).encode()
    rich = HTML.replace(b"</head>", metas + b'<script type="application/ld+json">' + linked + b"</script></head>")
    return {
        "plain": _MODES + HTML,
        "resiliparse": b"\1\0\0" + HTML,
        "precise": b"\2\0\0" + HTML,
        "declared": _MODES + rich,
        "with-headers": b"\0\0\1AI-Disclosure: mode=ai-originated\nLink: <https://a.b/c>; rel=license\nX: y\n" + HTML,
        "unclosed": _MODES + b"<div><p>" * 40 + PROSE.encode(),
        "xhtml": _MODES
        + b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><p>'
        + PROSE.encode(),
        "feed": _MODES + b"<rss><channel><title>x</title></channel></rss>",
        "entities": _MODES
        + b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY f SYSTEM "file:///etc/passwd">]><p>&a;&f;&#0;&#xd800;</p>',
        "controls": _MODES + b"<title>\x1b[31m\xe2\x80\xae</title><article><p>\x00\x01\x7f\xc2\x85" + PROSE.encode(),
    }


def rows() -> dict[str, bytes]:
    """Seeds of tests/fuzz/rows.py by name."""
    notice = b'<html ai-disclosure="autonomous"><title>\xe2\x80\xae</title><p>As an AI language model, I cannot. '
    return {
        "plain": b"a?b\n" + HTML,
        "declared": b"\xff\n" + notice + PROSE.encode(),
        "no-markup": b"\n" + PROSE.encode(),
    }


def declared() -> dict[str, bytes]:
    """Seeds of tests/fuzz/declared.py by name."""
    article = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": ["NewsArticle"], "datePublished": "2021-03-04T05:06:07Z", "license": {"@id": "https://x/"}}
        ],
        "mainEntity": {
            "@type": "Article",
            "digitalSourceType": "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
        },
        "AIGC": {"Label": "1", "ContentProducer": "x"},
    }
    return {
        "json-ld": b"\0\0" + json.dumps(article).encode(),
        "aigc": b"\1\0" + b"{&quot;Label&quot;:&quot;2&quot;}",
        "attribute": b"\2\0" + b"machine-generated",
        "licence": b"\3\1" + b"https://creativecommons.org/licenses/by/4.0/",
        "date": b"\4\0" + b"Thu, 04 Mar 2021 05:06:07 GMT",
        "c2pa": b"\5\0" + base64.b64encode(b"digitalsourcetype/trainedAlgorithmicMedia"),
        "notice": b"\6\0" + b'<p class="ai-disclosure">This article was written by an AI.</p>',
        "header": b"\6\0" + b'mode=ai-originated; model="x"',
        "link-header": b"\6\1"
        + b'<https://creativecommons.org/licenses/by/4.0/>; rel="license", </r>; rel=license; type=x',
    }


def dates() -> dict[str, bytes]:
    """Seeds of tests/fuzz/dates.py by name."""
    dates = ("2021-03-04T05:06:07Z", "20210304050607", "2021-03-04T05:06:07.1234+09:00", "2021/3/4", "1999",
             "Thu, 04 Mar 2021 05:06:07 GMT", "Thu, 04 Mar 2021 05:06:07 -0000", "0001-01-01T00:00:00+23:59", "120",
             "2016-12-31T23:59:60Z")  # fmt: skip
    return {f"form-{number}": date.encode() for number, date in enumerate(dates)}


def licences() -> dict[str, bytes]:
    """Seeds of tests/fuzz/licences.py by name."""
    return {
        "url": b"https://creativecommons.org/licenses/by-nc-sa/3.0/deed.de",
        "zero": b"http://creativecommons.org/publicdomain/zero/1.0/",
        "name": b"CC BY-SA 4.0",
        "link": b'<https://example.com/l>; rel="license nofollow"; type="application/rsl+xml", <b>; rel=license',
        "robots": b"otherbot: noindex, noai, noimageai",
        "usage": b"train-ai=n, search=y",
        "reserved": b"1",
    }


def c2pa() -> dict[str, bytes]:
    """Seeds of tests/fuzz/c2pa.py by name."""
    body = b"jumb digitalsourcetype/trainedAlgorithmicMedia digitalsourcetype/digitalCreation"
    return {
        "as-long-as-it-says": len(body).to_bytes(4, "big") + body,
        "longer": (5).to_bytes(4, "big") + body,
        "shorter": (500).to_bytes(4, "big") + body,
        "base64": bytes(4) + base64.b64encode(body),
    }
