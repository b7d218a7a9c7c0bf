# Everything runs in .venv, made by uv from the locked requirements.
UV := $(shell command -v uv || echo .uv/bin/uv)
PYTHON := .venv/bin/python

.uv/bin/uv:
	python3 -m venv .uv && .uv/bin/pip install --quiet uv

.PHONY: lock
lock: $(UV)
	$(UV) pip compile --quiet --universal --generate-hashes --no-header pyproject.toml -o requirements.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-header pyproject.toml --group dev -o requirements-dev.txt
