# Every command of the portal. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-browser demo demo-reset test check bench screenshots messages lock

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 16

setup: ## install everything into the checkout; seconds when nothing changed
	@$(PYTHON) scripts/setup.py

setup-browser: ## setup, and what the browser tests need of the system
	@$(PYTHON) scripts/setup.py --browser

demo: setup ## run the portal with the demo district: make demo PORT=8000
	@$(BIN)/python -m portal.supervisor demo --port $(PORT)

demo-reset: setup ## begin the demo district anew
	@$(BIN)/python -m portal.supervisor reset

test: setup-browser ## run all the tests
	@$(BIN)/python -m pytest -n 2 --maxprocesses 2

check: setup ## lint, types, floors, templates, migrations, translations, deployment, lock, README
	@$(BIN)/python scripts/check.py

bench: setup ## measure; prints a table and writes benchmarks/latest.json
	@$(BIN)/python -m benchmarks

screenshots: setup-browser ## every page in both languages at 390 and 1440 px, into .portal/screenshots/
	@$(BIN)/python scripts/screenshots.py

messages: setup ## collect the words to be translated into portal/locale/
	@$(BIN)/python scripts/messages.py

lock: ## resolve the Python requirements anew
	@$(BIN)/python scripts/lock.py
