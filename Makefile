# Everything a person or a machine runs here. `make help` lists the targets.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
INPUT  ?=
CRAWL  := out/crawl
LABELLED ?= ../shared/data/labelled
PROSE  := out/prose
TIME   ?= 600
TARGET ?=
JOBS   ?= 2
PAGES  ?= 10000
TIER   ?= 1
SEEDS  ?= 3
OUTPUT ?= $(if $(strip $(INPUT)),out/corpus,out/demo)

.DEFAULT_GOAL := help
.PHONY: help run crawl test check audit docs format bench bench-large detector judge extractor judge-extractor study study-mixtures flink flink-run flink-stop \
	flink-measure test-flink test-engines test-spark fuzz vendor clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  make run INPUT='a.warc.gz dir/' OUTPUT=out/mine   curates any archives"

$(VENV)/.ready: setup.py
	@test -d $(VENV) || { echo "making $(VENV) and installing (about 1 GB, one to three minutes)"; $(PYTHON) -m venv $(VENV); }
	$(BIN)/python -m pip install -qq --disable-pip-version-check -e '.[dev]'
	@touch $@

$(VENV)/.clouds: $(VENV)/.ready
	@echo "installing what the tests of stores, engines, loaders and cards need (about 900 MB, two to three minutes)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[aws,gcp,engines,stores,loaders,cards,browser]'
	@touch $@

run: $(VENV)/.ready ## record a small real crawl (or take INPUT=…) and curate it into OUTPUT
ifeq ($(strip $(INPUT)),)
	@$(BIN)/python -m examples.make_crawl --output $(CRAWL)
	@rm -rf out/demo
	@$(BIN)/firsthand run '$(CRAWL)/*.warc.gz' --output $(OUTPUT)
else
	@$(BIN)/firsthand run $(INPUT) --output $(OUTPUT)
endif

crawl: $(VENV)/.ready ## only record the small real crawl, into out/crawl
	@$(BIN)/python -m examples.make_crawl --output $(CRAWL)

out/npm/axe.min.js: transforms/report/assets/vendor/origin.toml | $(VENV)/.clouds
	@if command -v npm >/dev/null; then $(BIN)/python -m deploy.vendor --tests || echo "no scan by axe-core"; \
	else echo "no npm, so no scan by axe-core"; fi

test: $(VENV)/.clouds out/npm/axe.min.js ## all tests but those that start clusters, in JOBS=2 processes; the report's want `apt-get install chromium`
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder tests/stores tests/pipeline tests

check: $(VENV)/.ready ## ruff, mypy --strict, generated pages fresh, dependencies known and without known holes
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pipeline.reference --check
	@$(BIN)/python -m deploy.audit

audit: $(VENV)/.ready ## ask PyPI, by pip-audit, for holes that deploy/dependencies.toml does not know yet (needs a network)
	@mkdir -p out && $(PYTHON) -m venv out/audit && out/audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	@$(BIN)/pip freeze --exclude-editable > out/audit/installed.txt
	@out/audit/bin/pip-audit --strict --no-deps --disable-pip -r out/audit/installed.txt || \
	  { echo "audit: holes, or no answer from PyPI: see above; deploy/dependencies.toml has what was known on its day"; exit 1; }

docs: $(VENV)/.ready ## make docs/cli.md, docs/schema.md and docs/configuration.md afresh
	@$(BIN)/python -m pipeline.reference

bench: $(VENV)/.ready ## speed and memory beside a plain loop, also over PAGES=10000 (needs ../shared/data, or CRAWL_GLOB='…')
	@$(BIN)/python -m benchmarks.throughput $(if $(CRAWL_GLOB),--crawl '$(CRAWL_GLOB)') --pages $(PAGES)
	@$(BIN)/python -m benchmarks.dedup

out/synthetic/.ready: | $(VENV)/.ready
	@$(BIN)/python -m benchmarks.synthetic --out out/synthetic
	@touch $@

bench-large: out/synthetic/.ready ## curate 200,000 synthetic documents: time, memory, components right, bytes of shuffle
	@$(BIN)/python -m benchmarks.curate --documents out/synthetic
	@$(BIN)/python -m benchmarks.shuffle --documents out/synthetic

$(PROSE)/prose.parquet: training/prose.toml | $(VENV)/.ready
	@test -f $(LABELLED)/human.parquet || { echo "no $(LABELLED)/human.parquet: name the labelled texts by LABELLED=…"; exit 2; }
	@$(BIN)/python -m training.gather --out $(PROSE) --keep $(PROSE)/packages

detector: $(PROSE)/prose.parquet ## train the shipped detector anew from LABELLED=… and 1.2 GB of Debian packages
	@$(BIN)/python -m training.train --labelled $(LABELLED) --prose $(PROSE)

judge: $(PROSE)/prose.parquet ## judge the recipe on what it never saw; writes training/report.md and its plots
	@$(BIN)/python -m training.judge --labelled $(LABELLED) --prose $(PROSE)

$(VENV)/.extractor: $(VENV)/.ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,extractor]'
	@touch $@

extractor: $(VENV)/.extractor ## train the shipped extractor "blocks" anew from GOLD=… texts and CRAWL_GLOB='…' pages
	@$(BIN)/python -m training.extractor.train $(if $(GOLD),--gold '$(GOLD)') $(if $(CRAWL_GLOB),--crawl '$(CRAWL_GLOB)')

judge-extractor: $(VENV)/.extractor ## judge it on sites it never saw, beside the others (six minutes)
	@$(BIN)/python -m training.extractor.judge $(if $(GOLD),--gold '$(GOLD)') $(if $(CRAWL_GLOB),--crawl '$(CRAWL_GLOB)')

study-mixtures: $(VENV)/.ready ## weigh mixtures of unseen generators: docs/study-mixtures.md (needs LABELLED=…; 20 CPU minutes, resumes)
	@$(BIN)/python -m training.mixture --labelled $(LABELLED) $(if $(wildcard $(PROSE)/prose.parquet),--prose $(PROSE))

study: $(VENV)/.ready ## do weights slow collapse? n-gram models in minutes, TIER=2 a network in hours; TEXT=folder SEEDS=3 DOCS=docs
	@OMP_NUM_THREADS=1 nice $(BIN)/python -m training.collapse.study --tier $(TIER) --seeds $(SEEDS) --workers $(JOBS) \
	  $(if $(TEXT),--text '$(TEXT)' --out 'out/study/$(notdir $(abspath $(TEXT)))-tier$(TIER)') $(if $(DOCS),--docs '$(DOCS)')

flink: $(VENV)/.ready ## fetch Flink (240 MB) and Beam's job server, or take FLINK_JOB_SERVER_JAR=…, and start a cluster here
	@$(BIN)/python -m deploy.flink start $(if $(FLINK_JOB_SERVER_JAR),--jar '$(FLINK_JOB_SERVER_JAR)')

flink-run: $(VENV)/.ready ## curate INPUT=… into OUTPUT=… on that cluster
	@flags=$$($(BIN)/python -m deploy.flink flags) && $(BIN)/firsthand run $(INPUT) --output $(OUTPUT) -- $$flags

flink-stop: $(VENV)/.ready ## stop what `make flink` started
	@$(BIN)/python -m deploy.flink stop

flink-measure: $(VENV)/.ready ## Flink 1.20 and 2.2 beside each other: fetches both (550 MB)
	@nice $(BIN)/python -m deploy.flink.measure

test-flink: $(VENV)/.ready ## tests on a Flink cluster and on Prism's job server; says what could not be fetched
	@$(BIN)/python -m pytest -m cluster tests/flink -rs --durations=5

test-engines: $(VENV)/.ready ## tests that kill and freeze the machines of a Dask cluster (installs Dask, 10 MB)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,engines]'
	@$(BIN)/python -m pytest -m cluster -rs tests/engines

test-spark: $(VENV)/.ready ## tests of docs/training.md on Spark (downloads 460 MB; needs Java 17)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,spark]'
	@$(BIN)/python -m pytest -m cluster -rs tests/loaders

fuzz: $(VENV)/.ready ## fuzz what reads strangers' bytes for TIME=600 seconds, or one harness: TARGET=pages
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -e '.[dev,fuzz]'
	@$(BIN)/python -m tests.fuzz.campaign --time $(TIME) $(if $(TARGET),--target $(TARGET))

vendor: $(VENV)/.ready ## fetch the libraries of the report again from npm and compare their digests
	@$(BIN)/python -m deploy.vendor

format: $(VENV)/.ready ## format the source
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## remove out/: what `make run` and `make detector` wrote and fetched, not the environment
	@test ! -e out/flink/run/cluster.json || $(BIN)/python -m deploy.flink stop
	rm -rf out
