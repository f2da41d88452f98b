# Two commands matter: `make run` and `make test`. Both install what they need into .venv.
.PHONY: help run test check bench lock

help:
	@echo "make run     install, migrate, seed and serve on http://127.0.0.1:8000"
	@echo "make test    every test, on SQLite and on PostgreSQL (ARGS='-k spans' for some)"
	@echo "make check   lint, types, import rules, migrations and API description"
	@echo "make bench   measure against the bare databases, into bench/RESULTS*.md (15 minutes)"
	@echo "make lock    pin the requirements anew, after a change in setup.cfg"

run:
	@bin/install run
	@exec bin/serve

test:
	@bin/install dev
	@bin/browser
	.venv/bin/pytest -n 3 $(ARGS) # on two cores: some tests mostly wait

check:
	@bin/install dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	PYTHONPATH=. .venv/bin/python bin/check_databases.py

bench:
	@bin/install dev
	.venv/bin/python -m bench $(ARGS)
	.venv/bin/python -m bench.exchange

lock:
	@bin/lock
