# `make demo` and `make test` need git, make and Python 3.12 or later (with venv and pip, or uv). Nothing else is asked for:
# uv makes .venv from the locked requirements, and a step that has nothing new to do is left out.
PORT ?= 8000
PYTHON := .venv/bin/python
PYTHONS := >=3.12,<3.15
# pyenv hides its other versions where the one in .python-version is missing: look at them too, last.
export PATH := $(PATH)$(patsubst %,:%,$(subst $() ,:,$(wildcard $(HOME)/.pyenv/versions/3.1[234]*/bin)))
UV := $(or $(shell command -v uv),.uv/bin/uv)
UVPIP := VIRTUAL_ENV=.venv $(UV) --quiet --no-python-downloads pip
# The image: podman or docker, and what it is built on.
ENGINE ?= $(notdir $(or $(shell command -v podman),$(shell command -v docker),podman))
COMPOSE ?= $(if $(filter docker,$(ENGINE)),docker compose,podman-compose)
COMPOSED = CONFIG=$(abspath $(CONFIG)) IMAGE=$(IMAGE) VERSION=$(VERSION) COMPOSE="$(COMPOSE)"
BASE ?= docker.io/library/debian:trixie-slim
IMAGE ?= localhost/reflect
CONFIG ?= .state/production
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
REVISION = $(shell git rev-parse HEAD)$(shell git diff --quiet HEAD || echo -changed)
# What deploy/sbom.py reads of an image without Python.
DPKG = $${db:Status-Abbrev}\t$${Package}\t$${Version}\t$${Architecture}\n
STATIC := $(shell find static -type f 2>/dev/null | sort)
TEMPLATES := $(shell find templates bench/templates -name '*.html' -o -name '*.txt' | sort)
say = { echo "$(1)" >&2; exit 1; }

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-image check format lock bench setup image up down

help:
	@echo "make demo    serve the seeded product on http://localhost:$(PORT) (PORT= changes it)"
	@echo "make test    run every test"
	@echo "make check   format, lint, types, direction of imports, missing migrations"
	@echo "make format  write the format that check wants"
	@echo "make bench   measure against the anchor (shared figures: bench/README.md)"
	@echo "make image   build the images (BASE= what on), and list what is in them (.state/*.cdx.json)"
	@echo "make up      serve the production set-up from them, by podman or docker; make down stops it"
	@echo "make test-image  build the image on a base of its own, and run it (podman, debootstrap)"
	@echo "make lock    compile requirements*.txt from pyproject.toml"

demo: setup .state/static.stamp
	@$(PYTHON) manage.py demo --port $(PORT)

# The journeys have the machine for themselves: a browser beside other tests is slower than any person's.
test: setup
	@$(PYTHON) -m pytest -n auto -m "not browser" $(ARGS)
	@if .ci/chromium; then $(PYTHON) -m pytest -m browser $(ARGS); else \
	  echo "Chromium is not installed: the journeys in a browser are left out." >&2; \
	fi

test-image: setup
	@$(PYTHON) -m pytest -m image tests/deploy $(ARGS)

check: setup
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@.venv/bin/djade --check $(TEMPLATES)
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports
	@.venv/bin/hadolint Containerfile tests/deploy/postgres/Containerfile
	@.venv/bin/biome lint --error-on-warnings
	@$(PYTHON) manage.py makemigrations --check --dry-run

format: setup
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .
	@.venv/bin/biome lint --write
	@.venv/bin/djade $(TEMPLATES)

bench: setup .state/static.stamp
	@$(PYTHON) manage.py bench --settings=bench.settings $(ARGS)

image:
	@for target in proxy reflect; do \
	  name=$(IMAGE); [ $$target = reflect ] || name=$$name-$$target; \
	  $(ENGINE) build --file Containerfile --target $$target --build-arg BASE=$(BASE) \
	    --build-arg VERSION=$(VERSION) --build-arg REVISION=$(REVISION) --tag $$name:$(VERSION) --tag $$name:latest . || exit; \
	done
	@mkdir -p .state
	@$(ENGINE) run --rm --network none $(IMAGE):$(VERSION) sbom > .state/reflect.cdx.json
	@$(ENGINE) run --rm --network none --entrypoint dpkg-query $(IMAGE)-proxy:$(VERSION) --show --showformat '$(DPKG)' \
	  | $(ENGINE) run --rm --interactive --network none $(IMAGE):$(VERSION) sbom nginx-before-reflect > .state/reflect-proxy.cdx.json

up: image
	@deploy/configure $(CONFIG)
	@$(COMPOSED) deploy/up

down:
	@$(COMPOSED) $(COMPOSE) down

lock: $(UV)
	@$(UVPIP) compile --universal --generate-hashes --no-header pyproject.toml -o requirements.txt
	@$(UVPIP) compile --universal --generate-hashes --no-header pyproject.toml --group dev -o requirements-dev.txt

setup: .venv/.synced .state/demo.env

.uv/bin/uv:
	@for python in python3 python3.14 python3.13 python3.12; do \
	  $$python -m venv .uv 2>/dev/null && .uv/bin/pip install -qq uv && exit; \
	done; $(call say,uv could not be installed: Reflect needs Python 3.12 or later with venv and pip.)

.venv/pyvenv.cfg: .python-version | $(UV)
	@found=$$($(UV) python find --no-python-downloads --system 2>/dev/null \
	  || $(UV) python find --no-python-downloads --no-project --system '$(PYTHONS)' 2>/dev/null) \
	  || $(call say,Reflect needs Python 3.12$(comma) 3.13 or 3.14; none of them was found.); \
	$(UV) --quiet venv --clear --no-project --python "$$found" .venv

.venv/.synced: requirements-dev.txt .venv/pyvenv.cfg | $(UV)
	@[ "$$(df -Pk . | awk 'END { print $$4 }')" -gt 1000000 ] \
	  || $(call say,The disk is nearly full: the set-up needs 1 GB.)
	@echo "Setting up (a minute the first time) …"
	@$(UVPIP) sync requirements-dev.txt
	@touch $@

.state/demo.env: | .venv/.synced
	@$(PYTHON) -m reflect.demo

.state/static.stamp: .venv/.synced $(STATIC) | .state/demo.env
	@$(PYTHON) manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@

comma := ,
