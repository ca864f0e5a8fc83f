# A developer's commands, in .venv (VENV=… for another). It is made on first use with Lambda's Python if the machine has
# it, else with python3 (PYTHON=… for another).
PYTHON ?= $(or $(shell operations/find-python $(shell cat .python-version)),python3)
VENV ?= .venv
BIN := $(VENV)/bin
# On the deployed stack alone: the same minute twice shows nothing more.
WALKED_BY_E2E := tests/browser/test_desk.py tests/browser/test_teaching.py
WINGS := $(patsubst chalicelib/wings/%/__init__.py,%,$(wildcard chalicelib/wings/*/__init__.py))
of_wing = $(wildcard tests/*/$(wing) tests/*/test_$(wing).py)
LOCKS := requirements requirements/uv requirements/office requirements/run requirements/agency requirements/dev requirements/stack requirements/linters

# Keep bytecode: without it each worker compiles each test again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
NU := build/nu/node_modules/vnu-jar/build/dist/vnu.jar

.PHONY: help run test anyday nu smoke browsers check lint types format figures pages package deploy promote rollback status destroy e2e linters providers dynalite scale stack lock clean

help: ## Show this help
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## /\1\t/' | expand -t 12

run: $(VENV)/ready ## Start everything on this machine: http://localhost:8000/_local/ (PORT=… for another port)
	@$(BIN)/python -m tools.local.__main__

test: $(VENV)/tools ## Run all the tests on all cores, with coverage (ARGS=… goes to pytest instead: one folder, one core; WING=billing, WING=core)
	@$(BIN)/python -m pytest $(if $(WING),--no-cov -q $(if $(filter core,$(WING)),--numprocesses=auto --dist=loadfile $(addprefix --ignore=,$(foreach wing,$(WINGS),$(of_wing))),$(or $(foreach wing,$(WING),$(of_wing)),$(error No such wing: core $(WINGS)))),$(or $(ARGS),--numprocesses=auto --dist=loadfile --no-loadscope-reorder --cov --cov-report=term $(WALKED_BY_E2E:%=--ignore=%)))

anyday: $(VENV)/tools ## Run the tests that read the machine's clock at six other moments (ARGS="january october", ARGS=today: one of them)
	@$(BIN)/python -m tools.anyday $(ARGS)

nu: $(NU) ## Validate the HTML of the tests' pages (CLEF_PAGES=$$PWD/build/seen make test), one of each structure
	@java -Xss4m -jar $(NU) --Werror build/seen

smoke: $(VENV)/tools ## Check within a minute that another Python runs Clef: PYTHON=python3.12 VENV=.venv-3.12
	@$(BIN)/python -m pytest --no-cov -q tests/smoke $(ARGS)

check: $(VENV)/tools ## Check lint, format, types, words and imports
	@$(MAKE) --no-print-directory --jobs=2 --output-sync lint types

lint: $(VENV)/tools
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/python -m tools.dialect

types: $(VENV)/tools
	@$(BIN)/mypy

format: $(VENV)/tools ## Format the code
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: wing
wing: $(VENV)/tools ## Write a wing that works, to change into yours: NAME=loans TITLE="Prêts"
	@$(BIN)/python -m tools.wing.__main__ $(NAME) "$(TITLE)"

figures: $(VENV)/tools ## Update the papers' counts and the index of decisions; print sizes (ARGS=FOLDER: of another tree; --acts: files per act)
	@$(BIN)/python -m tools.figures $(ARGS)

pages: $(VENV)/ready ## Render the static pages into build/pages
	@$(BIN)/python -m tools.pages build/pages

.PHONY: preview
preview: $(VENV)/tools ## Render the pages, mails and prints of a network, for made-up people, into build/preview (NETWORK=file; several: side by side)
	@$(BIN)/python -m tools.preview.__main__ build/preview $(NETWORK)

package: $(VENV)/ready ## Make the SAM template and the zips to deploy in build/package (ARGS="--architecture arm64")
	@$(BIN)/python -m operations.package build/package $(ARGS)

deploy: $(VENV)/ready ## Deploy a stage of stages.toml: STAGE=prod (ARGS="--yes --rotate-keys")
	@$(BIN)/python -m operations.deploy $(STAGE) $(ARGS)

promote: $(VENV)/ready ## Bring a stage to the bytes that another one runs: FROM=staging TO=prod (ARGS=--yes)
	@$(BIN)/python -m operations.deploy.promote $(TO) --from $(FROM) $(ARGS)

rollback: $(VENV)/ready ## Go back to a stage's deployment before: STAGE=prod
	@$(BIN)/python -m operations.deploy.rollback $(STAGE) $(ARGS)

status: $(VENV)/ready ## Show a stage's state: STAGE=prod
	@$(BIN)/python -m operations.deploy.status $(STAGE) $(ARGS)

.PHONY: canary notice
canary: $(VENV)/ready ## Watch a stage from another region: STAGE=prod (ARGS="--yes --remove")
	@$(BIN)/python -m operations.deploy.canary $(STAGE) $(ARGS)

# The shell reads both from the environment, so that they may hold any quotes.
notice: export CLEF_NOTICE = $(value TEXT)
notice: export CLEF_NOTICE_UNTIL = $(value UNTIL)
notice: $(VENV)/ready ## Show an incident on « Connexion » and /extranet/etat: STAGE=prod TEXT="…" UNTIL=18:30 (TEXT=: take it away)
	@$(BIN)/python -m operations.deploy.notice $(STAGE) --text="$$CLEF_NOTICE" --until="$$CLEF_NOTICE_UNTIL" $(ARGS)

.PHONY: restore
restore: $(VENV)/ready ## Compare a stage with a past second, and copy back: STAGE=prod AT=2027-09-03T08:15:00Z (ARGS="--site CODE")
	@$(BIN)/python -m operations.restore $(STAGE) $(if $(AT),--at $(AT)) $(ARGS)


destroy: $(VENV)/ready ## Delete a stage, after its name is typed: STAGE=…
	@$(BIN)/python -m operations.deploy.destroy $(STAGE) $(ARGS)

e2e: $(VENV)/ready .venv-ministack/ready ## Deploy into an AWS emulator, walk the guide and inject faults there (ARGS=… goes to pytest)
	@$(BIN)/python -m pytest tests/e2e tests/browser/test_guide.py $(WALKED_BY_E2E) --stack -m "e2e or browser" $(ARGS)

browsers: $(VENV)/tools ## Walk the main pages in Chromium, Firefox and WebKit (apt-get: firefox-esr webkit2gtk-driver xvfb gir1.2-webkit2-4.1 python3-gi)
	@$(BIN)/python -m pytest --no-cov -q -m browsers tests/browsers $(ARGS)

linters: $(VENV)/tools .venv-linters/ready ## Read the template and its policies by cfn-lint and checkov, the prints by veraPDF
	@$(BIN)/python -m pytest --no-cov -q -m linters tests/linters $(ARGS)

providers: $(VENV)/tools build/oidc/ready ## Test the logins by ProConnect and FranceConnect with a real provider, on loopback
	@$(BIN)/python -m pytest --no-cov -q -m provider tests/provider $(ARGS)

dynalite: $(VENV)/tools build/dynalite/ready ## Test stores and flows on dynalite instead of moto (ARGS=… goes to pytest instead)
	@$(BIN)/python -m pytest --no-cov -q --dynalite $(or $(ARGS),--numprocesses=auto --dist=loadfile tests/stores tests/flows)

scale: $(VENV)/tools ## Count the AWS calls of a family's journey (ARGS="5 830": of so many sites; --write: into docs/scale.md)
	@$(BIN)/python -m tools.scale $(ARGS)

stack: $(VENV)/tools .venv-ministack/ready ## Deploy into an AWS emulator and keep it running (PORT=…; SCHEME=http: without TLS)
	@$(BIN)/python -m tools.stack

lock: $(VENV)/tools ## Update the pins of requirements.in and requirements/*.in, for the Python of .python-version
	@$(BIN)/python -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$(shell cat .python-version)")' || \
	  { echo "Locks are made with Python $(shell cat .python-version), and $(VENV) has another: make clean, then make lock"; exit 1; }
	@for part in $(LOCKS); do \
	  $(BIN)/pip-compile --quiet --upgrade --strip-extras --allow-unsafe --no-annotate --no-header \
	    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file $$part.txt $$part.in || exit 1; \
	done

clean: ## Delete everything that was made
	@rm -rf .venv .venv-* build .chalice/deployments .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The W3C's Nu HTML checker (MIT), for development only.
$(NU):
	@npm install --silent --no-audit --no-fund --prefix build/nu vnu-jar@26.9.27

# oidc-provider (MIT): a certified OpenID Connect provider, for development only.
build/oidc/ready:
	@npm install --silent --no-audit --no-fund --prefix build/oidc oidc-provider@9.13.3
	@touch $@

# dynalite (Apache-2.0): another DynamoDB than moto's, for development only.
build/dynalite/ready:
	@npm install --silent --no-audit --no-fund --ignore-scripts --prefix build/dynalite dynalite@4.0.0
	@touch $@

.venv-ministack/ready: $(VENV)/ready requirements/stack.txt
	@$(BIN)/python -m venv --clear .venv-ministack
	@echo "Installing MiniStack, the AWS emulator, into .venv-ministack (once)"
	@$(BIN)/python -m tools.install .venv-ministack -r requirements/stack.txt
	@touch $@

.venv-linters/ready: $(VENV)/ready requirements/linters.txt
	@$(BIN)/python -m venv --clear .venv-linters
	@echo "Installing cfn-lint, checkov and veraPDF into .venv-linters (once)"
	@$(BIN)/python -m tools.install .venv-linters -r requirements/linters.txt
	@touch $@

# What `make run` and deploying need; any change makes the environment again.
$(VENV)/ready: requirements.txt $(addprefix requirements/,uv.txt office.txt run.txt agency.txt dev.txt) pyproject.toml .python-version
	@$(PYTHON) -c "" || { echo "No Python runs as $(PYTHON), for the reason above: give one with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "Clef needs Python 3.13, or 3.11 or 3.12, and $(PYTHON) is $$($(PYTHON) -V): give one with PYTHON=…"; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" || \
	  { echo "The venv module of $(PYTHON) is missing: on Debian, apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { echo "$(VENV) cannot be made, for the reason above"; exit 1; }
	@echo "Installing what Clef runs with into $(VENV) (once)"
	@$(BIN)/python -m tools.install $(VENV) -r requirements.txt -r requirements/office.txt -r requirements/run.txt -r requirements/agency.txt
	@$(LOCK) $(BIN)/python -m tools.install $(VENV) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/tools: $(VENV)/ready
	@echo "Installing what its tests and checks need into $(VENV) (once)"
	@$(BIN)/python -m tools.install $(VENV) -r requirements/dev.txt
	@touch $@
