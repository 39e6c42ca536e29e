# Every target sets up what it needs: Python 3.11 or later and make are enough.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test end-to-end check docs dev image sbom bench bench-full evaluate clean

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 20

setup: $(READY) ## A virtual environment in .venv with everything installed

$(READY): pyproject.toml constraints.txt
	@echo "Setting up .venv (a minute or two the first time)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(READY) ## A small world in a home of its own: run everything on it, print what was found
	@$(BIN)/amazing demo

# A worker for each core, and a thread for each worker: with more, threads wait for each other and
# the same tests take two and a half times as long.
test end-to-end: export POLARS_MAX_THREADS = 1
test end-to-end: export OMP_NUM_THREADS = 1
test end-to-end: export LOKY_MAX_CPU_COUNT = 1
IN_PARALLEL = -n auto --dist loadfile --no-loadscope-reorder
test: $(READY) ## Run the tests
	@$(BIN)/python -m pytest $(IN_PARALLEL)

end-to-end: $(READY) ## Daemons, browsers and killed processes: what takes minutes of the tests
	@$(BIN)/python -m pytest $(IN_PARALLEL) -m "end_to_end and not evaluate"

check: $(READY) ## What is enforced: format, lint, types, architecture
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q amazing_assets_tests/test_architecture.py amazing_assets_tests/language
	@$(BIN)/python -m documentation
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec deploy/compose.yaml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/kubernetes-validate --quiet --strict deploy/kubernetes/classifier.yaml

docs: $(READY) ## The documentation as a site, every link of it checked
	@$(BIN)/python -m documentation

dev: $(READY) ## The web UI, the daemon and the sensors
	@$(BIN)/amazing dev

# Without a registry: make image BASE=localhost/base, an image of any Debian with python3-venv.
IMAGE_BUILDER ?= buildah bud --format docker --layers
VERSION = $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' amazing_assets/__init__.py)
TARGETS ?= classifier platform
image: ## Both images, platform and classifier; BASE, IMAGE_BUILDER and IMAGE_FLAGS can be given
	@for target in $(TARGETS); do \
	  $(IMAGE_BUILDER) --target $$target --tag localhost/amazing-assets/$$target:dev \
	    --build-arg VERSION=$(VERSION) --build-arg REVISION=$$(git rev-parse HEAD) \
	    $(if $(BASE),--build-arg BASE=$(BASE)) $(IMAGE_FLAGS) . || exit; \
	done

# In an environment of its own: it brings a grammar that jsonschema, wherever it is installed beside
# it, reads at import, and every process that drew a picture took a second longer.
SBOM_TOOL = cyclonedx-bom==7.5.0
sbom: $(READY) ## What is installed in .venv, as CycloneDX, into build/sbom.json
	@$(PYTHON) -m venv build/sbom
	@build/sbom/bin/python -m pip install --quiet --disable-pip-version-check '$(SBOM_TOOL)'
	@build/sbom/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --of JSON -o build/sbom.json $(BIN)/python
	@echo "build/sbom.json"

bench: $(READY) ## What is fast, against what a user would pick instead
	@$(BIN)/python -m benchmarks.month
	@$(BIN)/python -m benchmarks.user_features
	@$(BIN)/python -m benchmarks.segments_at_scale

bench-full: $(READY) ## The same at full size: hours, and 62 GB of disk; goes on where it was stopped
	@$(BIN)/python -m benchmarks.full --write

evaluate: $(READY) ## What takes too long for every test run: acceptance of the segments, backfills, kills
	@$(BIN)/python -m pytest -m "evaluate or end_to_end"
	@$(BIN)/python -m benchmarks.backfill
	@$(BIN)/python -m benchmarks.segments_evaluation

clean: ## Forget the virtual environment and caches; data in .amazing stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
