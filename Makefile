# The whole workflow of a developer; CI calls only these targets. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
BIN := $(CURDIR)/.venv/bin
export PATH := $(BIN):$(PATH)
export ETH_HASH_BACKEND := pysha3

SOLIDITY := $(shell find contracts/src -name '*.sol' 2>/dev/null)
WEB := $(shell find api/web/src api/web/index.html api/web/public -type f 2>/dev/null)
TWIN := $(shell find api/web/src/schedule api/web/tools -type f 2>/dev/null)

SLITHER_VERSION := 0.11.6

.PHONY: help setup demo up test engines check format lock bench fuzz broken slither coverage clean
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: .venv/.installed node_modules/.installed build/contracts/artifacts.json api/web/dist/index.html build/schedule/twin.mjs ## everything a fresh machine needs, in .venv and node_modules

demo: setup ## real applicants from application to last instalment, then an audit
	@tally demo

up: setup ## leave the whole system running for use (data folder ./data)
	@tally up

test: setup ## all tests
	npm --workspace api/web test
	python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

fuzz: setup ## 200,000 random agreements in three languages, 100,000 steps of loans' lives against the model (EXAMPLES=, STEPS=, SEED=, CASE=)
	@python -m tests.contracts.differential.fuzz $(if $(EXAMPLES),--examples $(EXAMPLES)) $(if $(SEED),--seed $(SEED)) $(if $(CASE),--case '$(CASE)')
	@$(if $(CASE),:,python -m tests.contracts.model.fuzz $(if $(STEPS),--steps $(STEPS)) $(if $(SEED),--seed $(SEED)))

engines: setup ## the contracts' scenario tests on anvil, a second engine
	@TALLY_ENGINE=anvil python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/contracts/solidity

broken: setup ## put every bug that others shipped into a copy of the contracts and see its test fail (ONLY=word)
	@python -m tests.contracts.bugs.broken $(ONLY)

check: setup ## linters, types, formats, import rules, generated reference
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	python -m scripts.reference --check
	npm run --silent lint:sol
	npm run --silent format:sol
	npm --workspace api/web run check

format: setup ## rewrite sources in the house format
	ruff check --fix .
	ruff format .
	npx prettier --plugin=prettier-plugin-solidity --write 'contracts/src/**/*.sol'
	python -m scripts.reference
	npx prettier --write api/web/src api/web/test api/web/tools api/web/index.html

bench: setup ## every benchmark of docs/benchmarks.md
	tally bench all

slither: setup build/slither/.installed ## slither over the contracts: fails on a finding neither fixed nor explained
	@python -m scripts.slither

coverage: setup ## lines and branches of the Solidity that the contracts' tests reach; fails below 95 % of branches
	@python -m scripts.coverage $(if $(MISSED),--missed)

lock: ## pin every dependency again, by hash
	uv pip compile --universal --python-version 3.11 --generate-hashes --all-extras pyproject.toml -o requirements.lock --custom-compile-command "make lock"
	echo slither-analyzer==$(SLITHER_VERSION) | uv pip compile --universal --python-version 3.11 --generate-hashes - -o requirements-slither.lock --custom-compile-command "make lock"
	npm install --package-lock-only

clean: ## forget what was built (keeps data folders)
	rm -rf build .venv node_modules api/web/dist

.venv/.installed: requirements.lock requirements-setup.lock requirements-node.lock pyproject.toml
	@echo "Installing the locked Python packages into .venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install --quiet --require-hashes -r requirements-setup.lock
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
	@node -e 'process.exit(parseInt(process.versions.node) < 20)' 2>/dev/null || .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements-node.lock
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
	@touch $@

node_modules/.installed: package-lock.json package.json api/web/package.json | .venv/.installed
	@echo "Installing the locked npm packages into node_modules"
	@npm ci --silent
	@touch $@

build/contracts/artifacts.json: $(SOLIDITY) contracts/compile.py node_modules/.installed | .venv/.installed
	@echo "Compiling the contracts"
	@python -m contracts.compile
	@touch $@

build/slither/.installed: requirements-slither.lock | .venv/.installed
	@echo "Installing slither, with the libraries it pins, into build/slither"
	@uv venv --quiet --clear build/slither/venv
	@uv pip install --quiet --python build/slither/venv/bin/python --require-hashes -r requirements-slither.lock
	@touch $@

api/web/dist/index.html: $(WEB) api/web/vite.config.ts node_modules/.installed
	@echo "Building the phone app"
	@npm --workspace api/web run --silent build
	@touch $@

build/schedule/twin.mjs: $(TWIN) api/web/vite.twin.config.ts node_modules/.installed
	@echo "Building the phone's schedule for comparisons"
	@npm --workspace api/web run --silent build:twin
	@touch $@
