"""The columns of every Parquet file a run writes, each with its meaning. `docs/schema.md` is made from this.

Where FineWeb has a column of the same meaning its name is used, so that loaders written for FineWeb work.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

SIGNALS: dict[str, str] = {
    "words": "words (runs of letters and digits; a CJK, Thai, Lao, Khmer or Burmese letter counts as half a word)",
    "mean_word_length": "mean characters in a word",
    "symbol_ratio": "`#` per word, or ellipses per word if they are more",
    "alpha_words": "share of words with at least one letter",
    "newline_ratio": "line breaks per word",
    "stop_words": "number of different stop words of the language found; 0 for a language without a list",
    "top_2gram_chars": "share of characters in the most frequent word 2-gram; 0 if none occurs twice",
    "top_3gram_chars": "share of characters in the most frequent word 3-gram; 0 if none occurs twice",
    "top_4gram_chars": "share of characters in the most frequent word 4-gram; 0 if none occurs twice",
    "dup_5gram_chars": "share of characters in word 5-grams seen before",
    "dup_6gram_chars": "share of characters in word 6-grams seen before",
    "dup_7gram_chars": "share of characters in word 7-grams seen before",
    "dup_8gram_chars": "share of characters in word 8-grams seen before",
    "dup_9gram_chars": "share of characters in word 9-grams seen before",
    "dup_10gram_chars": "share of characters in word 10-grams seen before",
    "bullet_lines": "share of lines that begin with a bullet",
    "ellipsis_lines": "share of lines that end with an ellipsis",
    "line_punct": "share of lines that end in terminal punctuation or a quote",
    "short_lines": "share of lines of at most 30 characters",
    "dup_lines": "share of lines seen before in the text",
    "dup_line_chars": "share of characters in lines seen before in the text",
    "dup_paragraphs": "share of paragraphs (between empty lines) seen before in the text",
    "dup_paragraph_chars": "share of characters in paragraphs seen before in the text",
    "curly_brackets": "number of curly brackets",
    "lorem_ipsum": "1 if the text has 'lorem ipsum'",
    "javascript_lines": "number of lines that mention JavaScript",
    "policy_lines": "number of lines about cookies, terms of use, privacy policy",
    "sentences": "number of sentences outside those lines",
}

EVIDENCE = pa.list_(pa.struct([("kind", pa.string()), ("detail", pa.string()), ("log_ratio", pa.float32())]))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Arrow type, and what its values mean (unit, range, direction)."""

    name: str
    type: pa.DataType
    meaning: str
    nullable: bool = False


_IDENTITY = (
    Column("text", pa.string(), "the extracted main text, blocks separated by a newline"),
    Column("id", pa.string(), "32 hex digits, unique in the output; depends on archive name and record offset only"),
    Column("dump", pa.string(), "Common Crawl snapshot (`CC-MAIN-2024-18`), empty if the archive is not of one"),
    Column("url", pa.string(), "target URI as recorded"),
    Column("date", pa.string(), "when it was fetched, UTC, ISO 8601; empty if the record has no valid date"),
    Column("file_path", pa.string(), "address of the archive it was read from"),
    Column("language", pa.string(), "ISO 639 code found in the text; `und` if undetermined"),
    Column("language_script", pa.string(), "ISO 15924 code of most letters"),
    Column("language_score", pa.float32(), "0–1, higher is surer"),
    Column(
        "token_count",
        pa.int32(),
        "words and punctuation marks; each CJK or Thai character is one. No model's tokenizer",
    ),
    Column("title", pa.string(), "title claimed by the page, empty if none"),
    Column("published", pa.string(), "date claimed by the page, `YYYY-MM-DD`, empty if none"),
    Column("published_source", pa.string(), "where that date stood: `json-ld`, `meta`, `http`, `url`, or empty"),
)
_PROVENANCE = (
    Column("warc_file", pa.string(), "short name of the archive, unique in the output"),
    Column(
        "record_offset",
        pa.int64(),
        "bytes from the start of the archive (compressed, if it is) to the record; in a compressed member of several "
        "records, to the member, plus the ordinal of the record",
    ),
    Column("record_length", pa.int64(), "bytes of the record in the archive; 0 if unknown"),
    Column("record_id", pa.string(), "WARC-Record-ID, empty if none"),
    Column("payload_digest", pa.string(), "`sha1:` and BASE32 of the payload as archived"),
    Column("text_digest", pa.string(), "32 hex digits of BLAKE2b over the normalised text; equal for exact duplicates"),
    Column("extractor", pa.string(), "library, version and mode that extracted the text"),
    Column("charset", pa.string(), "encoding the body was decoded with"),
)
_JUDGEMENT = (
    Column("quality", pa.float32(), "0–1, higher is cleaner prose; orders copies, never weighs"),
    Column("signals", pa.struct([(name, pa.float32()) for name in SIGNALS]), "quality signals, see below"),
    Column(
        "rules_failed", pa.list_(pa.string()), "published quality rules the text breaks, whether or not they reject"
    ),
    Column(
        "detector_score", pa.float32(), "log-odds that a machine wrote it, uncalibrated; higher is more machine", True
    ),
    Column(
        "abstain_reason",
        pa.string(),
        "why the detector gives no opinion, empty if it does; in documents, by the calibration of that day",
    ),
    Column("evidence", EVIDENCE, "signs beside the score; `log_ratio` in nats, positive points to a machine"),
    Column(
        "rights",
        pa.list_(pa.string()),
        "opt-outs and licences the page declares (`noai`, `license:cc-by-4.0`), see below; never weighed",
    ),
)

DOCUMENTS = (
    *_IDENTITY,
    *_PROVENANCE,
    *_JUDGEMENT,
    Column("shingles", pa.int32(), "number of distinct shingles; 0 for a text too short to compare"),
    Column("signature", pa.binary(), "MinHash: little-endian uint32 [num_hashes]"),
)

CORPUS = (
    *_IDENTITY,
    *_PROVENANCE,
    Column(
        "config_digest", pa.string(), "digest of the configuration that made this row; the whole is in manifest.json"
    ),
    *_JUDGEMENT,
    Column(
        "duplicate_count", pa.int32(), "pages of the crawl with this text or nearly so, this one included; at least 1"
    ),
    Column(
        "first_seen", pa.string(), "earliest fetch date among the pages with exactly this text; empty if none is dated"
    ),
    Column("component_id", pa.string(), "smallest id in the near-duplicate component; the row's own id if it is alone"),
    Column(
        "human_probability",
        pa.float32(),
        "0–1, under the prior of its cell; null if abstained",
        True,
    ),
    Column(
        "p_null",
        pa.float32(),
        "at most this share of human texts of this language score as high; conformal; null if abstained",
        True,
    ),
    Column(
        "human_weight", pa.float32(), "weight for training; token-weighted mean 1 in every cell (language × length)"
    ),
    Column("expected_repeats", pa.float32(), "how often to repeat the text when a trainer knows no weights"),
    Column("weight_bucket", pa.int8(), "index of the weight band, 0 is the lightest"),
)

REJECTIONS = (
    Column("target_uri", pa.string(), "target URI as recorded, empty if none"),
    Column("warc_file", pa.string(), "short name of the archive"),
    Column("record_offset", pa.int64(), "bytes from the start of the archive to the record"),
    Column("record_id", pa.string(), "WARC-Record-ID, empty if none"),
    Column("record_type", pa.string(), "WARC-Type; empty if it could not be read"),
    Column("stage", pa.string(), "stage that rejected it"),
    Column("reason", pa.string(), "why, see below"),
    Column("detail", pa.string(), "the value that was refused; no page text"),
)


def arrow_schema(columns: tuple[Column, ...]) -> pa.Schema:
    """The Arrow schema of these columns; each field carries its meaning as metadata `comment`."""
    return pa.schema([pa.field(c.name, c.type, nullable=c.nullable, metadata={"comment": c.meaning}) for c in columns])
