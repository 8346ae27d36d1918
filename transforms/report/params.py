"""Params of the report stage."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

_VERSION = re.compile(r"(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}", re.ASCII)
_URL = re.compile(r"https?://[^\s/]+\S*")
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_LONGEST = {"name": 200, "creator": 200, "license": 500, "url": 2000, "description": 5000}


@dataclass(frozen=True, slots=True)
class PublishParams:
    """How the corpus is presented to others, in its card and its metadata. Nothing here changes a row."""

    name: str = "firsthand-corpus"  # of the dataset
    version: str = "1.0.0"  # of the dataset: MAJOR.MINOR.PATCH, https://semver.org
    description: str = ""  # a paragraph; if empty, a sentence with the figures of the corpus
    license: str = ""  # of the collection: SPDX identifier or URL; if empty, the card says that it is unknown
    url: str = ""  # where the dataset is to be found
    creator: str = ""  # the organisation that answers for it

    def problems(self) -> list[str]:
        """Every value that is out of range, as sentences."""
        values = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        found = [
            f"publish.{key} has {len(values[key]):,} characters; expected at most {most:,}: shorten it"
            for key, most in _LONGEST.items()
            if len(values[key]) > most
        ]
        found += [
            f"publish.{key} is {value!r}; expected printable text on one line: take out the other characters"
            for key, value in values.items()
            if not value.isprintable()
        ]
        if not self.name.strip():
            found.append(f"publish.name is {self.name!r}; expected a name: give the dataset one")
        if not _VERSION.fullmatch(self.version):
            found.append(f"publish.version is {self.version!r}; expected MAJOR.MINOR.PATCH, for example 1.0.0")
        if self.url and not _URL.fullmatch(self.url):
            found.append(f"publish.url is {self.url!r}; expected an address that begins with https:// or http://")
        if self.license and not (_SPDX.fullmatch(self.license) or _URL.fullmatch(self.license)):
            found.append(
                f"publish.license is {self.license!r}; expected an SPDX identifier (https://spdx.org/licenses), "
                "for example ODC-By-1.0, or an address"
            )
        return found
