"""A page, the header of a response, and a text: what most seeds are made of."""

from __future__ import annotations

HTML = (
    b"<!doctype html><html lang=en><head><meta charset=utf-8><title>A page</title></head><body><article>"
    b"<h1>On rivers</h1><p>The river runs past the mill, and the mill has stood there since before anyone kept count."
    b"</p><p>In spring it floods the meadow; the cows are moved up the hill, and nobody minds.</p></article>"
    b"<table><tr><td>1</td></tr></table></body></html>"
)
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
PROSE = (
    "When we came to the village the road was under water, and so we waited at the inn until the evening. The keeper, "
    "who had been a sailor, told us of the whale that he never saw; he told it well. I have not heard it told better."
)
