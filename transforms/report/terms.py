"""Under which terms a corpus is published, and how it is cited."""

from __future__ import annotations

import re

from transforms.report.croissant_fields import Json
from transforms.report.publication import Publication
from transforms.report.story import Story
from transforms.terminal import clean

UNKNOWN = (
    "No licence was stated for the collection. The texts belong to their authors: what may be done with them depends "
    "on the terms of each page, on what the makers of the crawl allow, and on the law of your country."
)
UNKNOWN_LICENSE: dict[str, Json] = {"@type": "sc:CreativeWork", "name": "unknown", "description": UNKNOWN}

# Licences as the Hugging Face Hub names them, where that is the SPDX identifier in lower case; and where it is not.
_HUB = re.compile(
    r"apache-2\.0|mit|cc0-1\.0|cc-by-(?:2\.0|2\.5|3\.0|4\.0)|cc-by-nc-(?:2\.0|3\.0|4\.0)|cc-by-sa-(?:3\.0|4\.0)|cc-by-nd-4\.0"
    r"|cc-by-nc-nd-(?:3\.0|4\.0)|cc-by-nc-sa-(?:2\.0|3\.0|4\.0)|cdla-permissive-[12]\.0|cdla-sharing-1\.0|etalab-2\.0"
)
_HUB_OTHER = {"odc-by-1.0": "odc-by", "odbl-1.0": "odbl", "pddl-1.0": "pddl"}

_NO_KEY = re.compile(r"[^0-9A-Za-z]")
_BRACES = str.maketrans("{}\\", "()/")  # what would end or change a BibTeX field


def license_url(license_name: str) -> str:
    """The address of a licence that was given as SPDX identifier or address."""
    if license_name.startswith(("http://", "https://")):
        return license_name
    return f"https://spdx.org/licenses/{license_name}.html"


def hub_license(license_name: str) -> dict[str, object]:
    """The licence as the front matter of a card on the Hugging Face Hub names it; nothing if none is given."""
    if not license_name:
        return {}
    known = license_name.lower()
    if _HUB.fullmatch(known) or known in _HUB_OTHER:
        return {"license": _HUB_OTHER.get(known, known)}
    return {"license": "other", "license_name": license_name, "license_link": license_url(license_name)}


def cite(publication: Publication, story: Story) -> str:
    """A BibTeX entry for the corpus: what identifies it is the head of its hash chain."""
    params = publication.params
    head = publication.chain
    fields = {
        "title": params.name,
        "author": params.creator and f"{{{_field(params.creator)}}}",  # an organisation, not name and surname
        "version": params.version,
        "year": publication.ended[:4],
        "url": params.url,
        "note": ", ".join(
            part
            for part in (
                f"made by firsthand {story.run.version}" if story.run.version else "",
                f"configuration {story.run.config_digest}" if story.run.config_digest else "",
                f"chain {head}" if head else "",
            )
            if part
        ),
    }
    lines = [
        f"  {name} = {{{value if name == 'author' else _field(value)}}}" for name, value in fields.items() if value
    ]
    key = f"firsthand-{_NO_KEY.sub('', head or story.run.config_digest)[:12]}".rstrip("-")
    return ",\n".join([f"@misc{{{key}", *lines]) + "\n}"


def _field(value: str) -> str:
    return clean(value, len(value)).translate(_BRACES)
