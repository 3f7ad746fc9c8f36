# Two commands do everything: `make issue` makes an issue from the samples, `make test` checks the project.
PYTHON ?= $(or $(shell command -v python3.11),python3)
VENV   := .venv
BIN    := $(VENV)/bin
PACKAGES := bulletin builders cli collectors desk extractors flows services store
SAMPLE := data/var/sample

.PHONY: issue test lint bench soak screenshots clean help

help:
	@echo "make issue  由 data/samples 编出一期简报（首次运行会建立 .venv）"
	@echo "make test   安装检查所需的工具并运行全部检查"
	@echo "make bench  并排测速，结果写入 docs/benchmarks.md"
	@echo "make screenshots  重拍编辑台各页的图片，写入 docs/desk"
	@echo "make soak   长时间的随机中断试验"

# For builds in isolation too.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/.core: pyproject.toml constraints.txt Makefile
	@command -v $(PYTHON) >/dev/null || { echo "找不到 $(PYTHON)，请先安装 Python 3.11（可用 make PYTHON=路径 指定）"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) pip
	$(PIP) -e .
	# A service that may not write here would otherwise compile every module at every start (0.3 s).
	$(BIN)/python -m compileall -q $(PACKAGES)
	touch $@

$(VENV)/.test: $(VENV)/.core
	$(PIP) -e '.[all,test,bench]'
	touch $@

issue: $(VENV)/.core
	$(BIN)/bulletin --home $(SAMPLE) compile data/samples --local --out out --pictures

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(VENV)/.test
	./scripts/system-packages.sh
	$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks

screenshots: $(VENV)/.test
	PYTHONPATH=. $(BIN)/python scripts/screenshots.py

soak: $(VENV)/.test
	$(BIN)/pytest -m soak tests

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache
