# Everything starts from here. PYTHON may name any Python 3.11 to 3.13.
PYTHON ?= python3
ENV := .venv/bin

.PHONY: run test bench lint lock clean

run: ## Set up and start the helpdesk (the demo, unless helpdesk.toml is there)
	@$(PYTHON) tools/environment.py run
	@$(ENV)/python tools/assets.py
	@$(ENV)/helpdesk run

test: ## Set up and run lint, types, floors and the whole suite
	@$(PYTHON) tools/environment.py dev
	@$(ENV)/python tools/assets.py
	@$(MAKE) --no-print-directory lint
	@$(ENV)/pytest -n 2 --dist loadgroup tests/pii/documents
	@$(ENV)/pytest -n 2 --dist loadgroup --ignore tests/pii/documents

lint:
	@$(ENV)/ruff check .
	@$(ENV)/ruff format --check -q .
	@$(ENV)/mypy
	@$(ENV)/lint-imports --no-cache >/dev/null || $(ENV)/lint-imports --no-cache

bench: ## Measure; see docs/measurements.md
	@$(PYTHON) tools/environment.py dev
	@$(ENV)/python -m benchmarks

lock: ## Make the lock files anew from pyproject.toml
	@$(ENV)/python tools/lock.py

clean:
	rm -rf .venv node_modules helpdesk/web/static var
