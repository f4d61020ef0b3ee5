.PHONY: run test soak bench screens check demo-reset setup setup-dev lock wheel
PORT ?= 8000
PORTAL_DATA_DIR ?= var
BENCH ?= all
export PORT PORTAL_DATA_DIR
# What Python has compiled is kept, beside the packages, even where it is told to keep nothing: each of the many
# processes that a site, a worker and the tests start would spend seconds on it.
PYTHONDONTWRITEBYTECODE :=
PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/bytecode
export PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX

run: setup
	@.venv/bin/portal db upgrade
	@.venv/bin/portal demo load --if-empty
	@.venv/bin/portal serve --port $(PORT) --show-demo

setup:
	@bin/setup requirements.txt

setup-dev:
	@bin/setup requirements-dev.txt

demo-reset: setup
	@.venv/bin/portal demo reset

test: setup-dev
	@bin/warm
	@CHROMIUM="$$(bin/chromium)" && export CHROMIUM && .venv/bin/pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

soak: setup-dev
	@CHROMIUM="$$(bin/chromium)" && export CHROMIUM && .venv/bin/pytest -m 'soak or property' -o faulthandler_timeout=0 $(ARGS)

check: setup-dev
	@bin/warm >/dev/null 2>&1 & # `make test` comes next, and one core is idle meanwhile
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet

bench: setup-dev
	@.venv/bin/python -m bench $(BENCH) $(if $(WRITE),--write)

# ARGS=--keep takes the pictures that the README shows into docs/pictures.
screens: setup-dev
	@CHROMIUM="$$(bin/chromium)" && export CHROMIUM && .venv/bin/python -m tests.screens $(ARGS)

lock: setup-dev
	.venv/bin/uv pip compile pyproject.toml --quiet --extra build --generate-hashes --no-emit-index-url --universal -o requirements.txt
	.venv/bin/uv pip compile pyproject.toml --quiet --extra dev --generate-hashes --no-emit-index-url --universal -o requirements-dev.txt

wheel: setup-dev
	@bin/try-wheel
