"""Encoding labels as pages write them, and the Python codec that decodes what browsers mean by each.

The groups are those of the WHATWG Encoding Standard §4.2 (https://encoding.spec.whatwg.org/#names-and-labels), in
which a label names the superset seen in the wild: `iso-8859-1` is windows-1252, `gb2312` is gb18030, `shift_jis` is
Windows-31J. Its "replacement" labels (iso-2022-kr, hz-gb-2312, …) and anything else unknown, `utf-7` or Python's
`unicode_escape` among them, name no encoding here.
"""

from __future__ import annotations

# Python codec: labels. Where Python's codec of the same name is narrower than the standard's, its superset is named:
# euc_jis_2004 has the NEC row 13 (①, ㈱) that euc_jp lacks, iso2022_jp_ext has half-width katakana.
_LABELS_BY_CODEC: dict[str, str] = {
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
    "utf-16-le": "utf-16 utf-16le unicode ucs-2 iso-10646-ucs-2 csunicode unicodefeff",
    "utf-16-be": "utf-16be unicodefffe",
    "cp866": "ibm866 866 cp866 csibm866",
    "iso8859-2": "iso-8859-2 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 iso-ir-101 l2 latin2 csisolatin2",
    "iso8859-3": "iso-8859-3 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 iso-ir-109 l3 latin3 csisolatin3",
    "iso8859-4": "iso-8859-4 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 iso-ir-110 l4 latin4 csisolatin4",
    "iso8859-5": "iso-8859-5 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988 iso-ir-144 cyrillic csisolatincyrillic",
    "iso8859-6": "iso-8859-6 iso-8859-6-e iso-8859-6-i iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 iso-ir-127 arabic "
    "asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114",
    "iso8859-7": "iso-8859-7 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 iso-ir-126 greek greek8 csisolatingreek "
    "ecma-118 elot_928 sun_eu_greek",
    "iso8859-8": "iso-8859-8 iso-8859-8-e iso-8859-8-i iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 iso-ir-138 hebrew "
    "visual logical csiso88598e csiso88598i csisolatinhebrew",
    "iso8859-10": "iso-8859-10 iso8859-10 iso885910 iso-ir-157 l6 latin6 csisolatin6",
    "iso8859-13": "iso-8859-13 iso8859-13 iso885913",
    "iso8859-14": "iso-8859-14 iso8859-14 iso885914",
    "iso8859-15": "iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 csisolatin9",
    "iso8859-16": "iso-8859-16",
    "koi8-r": "koi8-r koi koi8 koi8_r cskoi8r",
    "koi8-u": "koi8-u koi8-ru",
    "mac-roman": "macintosh mac x-mac-roman csmacintosh",
    "cp874": "windows-874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620",
    "cp1250": "windows-1250 cp1250 x-cp1250",
    "cp1251": "windows-1251 cp1251 x-cp1251",
    "cp1252": "windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 iso-ir-100 l1 "
    "latin1 csisolatin1 ascii us-ascii ansi_x3.4-1968 cp819 ibm819 x-user-defined",
    "cp1253": "windows-1253 cp1253 x-cp1253",
    "cp1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 iso-ir-148 l5 "
    "latin5 csisolatin5",
    "cp1255": "windows-1255 cp1255 x-cp1255",
    "cp1256": "windows-1256 cp1256 x-cp1256",
    "cp1257": "windows-1257 cp1257 x-cp1257",
    "cp1258": "windows-1258 cp1258 x-cp1258",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": "gb18030 gbk gb2312 gb_2312 gb_2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58 x-gbk",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc_jis_2004": "euc-jp x-euc-jp cseucpkdfmtjapanese",
    "iso2022_jp_ext": "iso-2022-jp csiso2022jp",
    "cp932": "shift_jis shift-jis sjis x-sjis ms932 ms_kanji windows-31j csshiftjis",
    "cp949": "euc-kr korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 cseuckr csksc56011987 iso-ir-149 "
    "windows-949",
}

# What detectors and hurried authors write besides the standard's labels. Detectors take short windows-1251 for Mac
# Cyrillic, which has the same small letters and is hardly found on the web.
_UNOFFICIAL = {
    "cp932": "cp932",
    "cp949": "cp949 euc_kr",
    "cp1251": "mac-cyrillic",
    "euc_jis_2004": "euc_jp",
    "gb18030": "cp936",
    "iso2022_jp_ext": "iso2022_jp",
}

_CODEC: dict[str, str] = {
    label: codec
    for table in (_LABELS_BY_CODEC, _UNOFFICIAL)
    for codec, labels in table.items()
    for label in labels.split()
}

# Every codec a page may be decoded with.
CODECS = frozenset(_CODEC.values())


def codec_of(label: str) -> str:
    """The Python codec for an encoding label, "" if the label names none.

    >>> codec_of(" ISO-8859-1 "), codec_of("gb2312"), codec_of("hex")
    ('cp1252', 'gb18030', '')
    """
    return _CODEC.get(label.strip(" \t\r\n\f\"'").lower(), "")
