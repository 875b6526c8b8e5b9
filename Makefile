# Two commands are enough: `make up` brings up the whole product, `make test` shows that it holds.
# Needed beforehand: Python >= 3.11 with venv, make, git. Everything else comes from the package registries.

PYTHON ?= python3
VENV   := $(CURDIR)/.venv
PY     := $(VENV)/bin/python
MANAGE := $(PY) manage.py
# What running needs is installed first; what only tests and checks need comes with the first of them.
STAMP  := $(VENV)/.installed
DEV    := $(VENV)/.installed-dev
# A lock names every package there is, so nothing has to be resolved again.
PIP     = $(PY) -m pip install --quiet --no-deps --require-hashes --requirement
NODE   := contracts/node_modules/.installed
FORGE   = $(firstword $(FORGE_BIN) $(wildcard $(CURDIR)/contracts/node_modules/@foundry-rs/forge-*/bin/forge))
SAY     = printf '%s  %s\n' "$$(date +%H:%M:%S)"
NPM     = PATH="$(VENV)/bin:$$PATH" npm --prefix contracts --no-audit --no-fund --no-update-notifier
COMPILE = $(PY) -m piptools compile --quiet --allow-unsafe --generate-hashes --strip-extras \
	--no-emit-find-links --no-emit-index-url --no-emit-trusted-host
ANVIL_VERSION = $(shell sed -n 's/.*"@foundry-rs\/anvil-linux-amd64": "\([^"]*\)".*/\1/p' contracts/package.json)

# Without a home folder, pip and npm keep their caches here.
export HOME := $(or $(HOME),$(CURDIR)/.run/home)
ifneq (,$(wildcard .env))
include .env
export $(shell sed -n 's/^\([A-Z_]*\)=.*/\1/p' .env)
endif

export DJANGO_SETTINGS_MODULE ?= scf.config.settings
export PYTHONUNBUFFERED = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# `manage.py check --deploy` looks at the settings of production; nothing of these is ever used.
DEPLOY_ENV = ENV=prod SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	ALLOWED_HOSTS=scf.example SECURE_COOKIES=1

.DEFAULT_GOAL := help
.PHONY: help venv dev node up down status reset demo test check bench bench-loans bench-pages bench-path lock \
	check-style check-types check-layers check-pages check-django check-contracts

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

venv: $(STAMP) ## Python packages for running, from the hashed lock
dev: $(DEV) ## Python packages for tests and checks as well
node: $(NODE) ## chain and contract tools, from the committed npm lock

$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ $(SAY) "需要 Python 3.11 或更新 / Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(SAY) "Python 环境 / Python environment: .venv"
	@mkdir -p "$$HOME"
	@$(PYTHON) -m venv $(VENV)
	@$(SAY) "Python 软件包 / Python packages: $<"
	@$(PIP) $<
	@# The repository itself is importable from anywhere, without being built.
	@$(PY) -c "import pathlib, sysconfig; pathlib.Path(sysconfig.get_path('purelib'), 'scf.pth').write_text('$(CURDIR)\n')"
	@touch $@
	@$(SAY) "Python 就绪 / Python is ready"

$(DEV): requirements-dev.lock | $(STAMP)
	@$(SAY) "测试与检查所需 / for tests and checks: $<"
	@$(PIP) $<
	@touch $@

$(NODE): contracts/package-lock.json | $(STAMP)
	@$(SAY) "链与合约工具 / chain and contract tools: contracts/package-lock.json"
	@$(NPM) ci --ignore-scripts --silent
	@# The lock holds the packages of Linux on x86-64; other machines get their own of the same version.
	@ls contracts/node_modules/@foundry-rs/anvil-*/bin/anvil >/dev/null 2>&1 || { \
		platform="$$(uname -s | tr A-Z a-z)-$$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')"; \
		$(SAY) "本机平台 / this platform: $$platform"; \
		$(NPM) install --no-save --no-package-lock --ignore-scripts --silent \
			@foundry-rs/anvil-$$platform@$(ANVIL_VERSION) @foundry-rs/forge-$$platform@$(ANVIL_VERSION) \
		|| $(SAY) "没有本机平台的 anvil / no anvil for this platform: name one with ANVIL_BIN, or a node with RPC_URL"; }
	@touch $@
	@$(SAY) "链工具就绪 / chain tools are ready"

up: venv node ## start everything; DETACH=1 returns when it is ready
	@exec $(MANAGE) up $(if $(DETACH),--detach)

down: venv ## stop everything, keep all state
	@$(MANAGE) down

status: venv ## what runs where; exit 0 only when every part is up
	@$(MANAGE) status

reset: venv ## stop everything and forget all state
	@$(MANAGE) reset

demo: venv node ## the full demo year, on an empty stack
	@exec $(MANAGE) up --world year --detach

test: dev node ## all tests
	@$(PY) -m pytest -n auto --dist worksteal $(ARGS)

check: check-style check-types check-layers check-pages check-django check-contracts ## all that reads the code without running it
	@$(SAY) "make check: 全部通过 / all passed"

check-style: dev
	@$(SAY) "ruff"
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check

check-types: dev
	@$(SAY) "mypy"
	@$(PY) -m mypy scf

check-layers: dev
	@$(SAY) "import-linter"
	@$(VENV)/bin/lint-imports

check-pages: dev
	@$(SAY) "djlint"
	@$(PY) -m djlint --lint --quiet templates

check-django: dev
	@$(SAY) "manage.py check --deploy, makemigrations --check"
	@$(DEPLOY_ENV) $(MANAGE) check --deploy --fail-level WARNING
	@$(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

check-contracts: node
	@$(if $(FORGE),$(SAY) "forge fmt" && cd contracts && $(FORGE) fmt --check,$(SAY) "forge 不在 / forge is not here: contracts not checked")

bench: dev node ## speeds, with the invariants checked after each
	@$(PY) -m tests.bench

bench-loans: dev ## the close of a day, plans and replays; ARGS="--loans 100000" for a quick run
	@$(PY) -m tests.bench.bench_loans $(ARGS)

bench-pages: dev ## p95 of the main pages of the running stack
	@$(PY) -m tests.bench.pages

bench-path: dev ## from a person's word to the settled ledger on the running stack
	@$(PY) -m tests.bench.path

lock: dev ## write the locks anew: development, running, chain tools
	@$(COMPILE) --extra=dev --output-file=requirements-dev.lock pyproject.toml
	@# What runs is what was tested: the same versions, without the tools.
	@$(COMPILE) --constraint=requirements-dev.lock --output-file=requirements.lock pyproject.toml
	@$(NPM) install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved
