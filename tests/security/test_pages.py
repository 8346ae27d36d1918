"""Pages that name files, addresses and programs: parsing them opens none.

Two witnesses: Python's audit events, and the kernel's view of C code, for which each named file is a pipe that nobody
writes to (to open it would hang) and each named address a port that is listened at.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.hostile import page
from transforms.extract.extractor import MODES

WATCHED = """
import json, sys
sys.path.insert(0, sys.argv[1])
from transforms.extract.page import Request, extract_page
request = Request("http://example.org/a", (("link", f"<{sys.argv[3]}>; rel=license"),), "utf-8", "2024-06-01")
pages, mode = json.load(sys.stdin), sys.argv[2]
for _ in range(2):  # what the libraries themselves load, on a page that names nothing
    extract_page(pages["calm"].encode(), request, mode=mode)
REACHING = ("open", "socket.", "urllib.", "http.", "subprocess.", "os.", "shutil.", "exec", "ctypes.", "webbrowser.")
seen, told = [], {}
sys.addaudithook(lambda event, given: seen.append([event, repr(given)[:200]]) if event.startswith(REACHING) else None)
for name, source in pages.items():
    seen.clear()
    extraction = extract_page(source.encode("utf-8", "surrogatepass"), request, mode=mode)
    told[name] = [extraction.text if extraction else None, list(seen)]
seen.clear()
open("/dev/null").close()
told["witness"] = ["", list(seen)]
print(json.dumps(told))
"""


def attacks(file: str, web: str) -> dict[str, str]:
    """Pages by what they try, each naming `file` or `web`."""
    entity = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{{}}"><!ENTITY % y SYSTEM "{web}/y.dtd"> %y;]>'
    body = page().decode()
    heads = {
        "base": f'<base href="{web}/">',
        "refresh": f'<meta http-equiv="refresh" content="0; url={web}/r">',
        "stylesheet": f'<link rel="stylesheet" href="{web}/a.css"><style>@import url("{web}/b.css")</style>',
        "links": f'<link rel="canonical" href="{web}/c"><link rel="amphtml" href="{web}/m"><link rel="next" href="n">',
        "feeds": f'<link rel="alternate" type="application/rss+xml" href="{web}/f"><link rel="icon" href="{web}/i">',
        "script": f'<script src="{web}/s.js"></script><script>fetch("{web}/x")</script>',
        "linked data": '<script type="application/ld+json">'
        + json.dumps({"@context": f"{web}/ctx", "@type": "Article", "url": f"file://{file}", "license": f"{web}/l"})
        + "</script>",
        "provenance": f'<link rel="c2pa-manifest" href="{web}/c2pa"><meta name="tdm-policy" content="{web}/tdm">',
    }
    pages = {name: page(head=head).decode() for name, head in heads.items()}
    pages |= {
        "calm": body,
        "frames": page(body=f'<iframe src="file://{file}"></iframe><object data="{web}/o"></object>').decode(),
        "images": page(body=f'<img src="{web}/p" srcset="{web}/q 2x"><video poster="{web}/v"></video>').decode(),
        "local entity": entity.format(f"file://{file}") + page(body="<p>&x; &y;</p>").decode(),
        "remote entity": entity.format(f"{web}/e") + page(body="<p>&x;</p>").decode(),
        "external subset": f'<!DOCTYPE html PUBLIC "-//X//EN" "{web}/x.dtd">' + body,
        "processing": f'<?xml version="1.0"?><?xml-stylesheet href="{web}/t.xsl" type="text/xsl"?>' + body,
        "inclusion": page(
            body=f'<p xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file://{file}" parse="text"/></p>'
        ).decode(),
        "xhtml": '<?xml version="1.0"?>' + entity.format(file)
        + body.replace("<html>", f'<html xmlns="http://www.w3.org/1999/xhtml" xml:base="{web}/">'),
        "svg": page(body=f'<svg><use href="{web}/u.svg#a"/><image href="file://{file}"/></svg>').decode(),
        "server side": page(body=f'<!--#include file="{file}" --><!--#exec cmd="touch {file}.x" -->').decode(),
    }  # fmt: skip
    return pages


@pytest.fixture
def port() -> Iterator[socket.socket]:
    """Where every address of a page leads; nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize("mode", MODES)
def test_no_page_has_anything_opened_fetched_or_run(mode: str, port: socket.socket, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    os.mkfifo(secret)  # to open it would hang: there is no writer
    pages = attacks(str(secret), f"http://127.0.0.1:{port.getsockname()[1]}")
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(Path(__file__).parent.parent.parent), mode, pages["base"][-60:]],
        input=json.dumps(pages), capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, tuple[str | None, list[tuple[str, str]]]] = json.loads(done.stdout)
    assert told.pop("witness")[1] != []
    assert {name: events for name, (_, events) in told.items() if events} == {}
    assert all(text and "The ferry leaves at nine" in text for text, _ in told.values())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret"]
    with pytest.raises(BlockingIOError):  # nobody called
        port.accept()
