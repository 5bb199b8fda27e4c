# The project's verbs. `make demo` runs the main job, `make test` the tests; both set up what they need.
PY := .venv/bin/python
UV := .venv/bin/uv
NPM := .venv/npm
UV_VERSION := 0.13.9

.PHONY: setup demo test test-browser test-mail test-replay lint format bench soak lock pictures clean

setup: .venv/.ready

.venv/.ready: pyproject.toml uv.lock
	@test -x $(PY) || { echo "Setting up .venv, once; this takes about 15 seconds ..."; python3 -m venv .venv; }
	@test -x $(UV) || $(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(UV) sync --quiet --locked
	@touch $@

demo: setup
	.venv/bin/coopwatch demo

test: setup lint
	$(PY) -m pytest -n auto

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

format: setup
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

test-replay: setup
	@test -x .venv-replay/bin/wayback || { python3 -m venv .venv-replay && .venv-replay/bin/pip install --quiet --disable-pip-version-check pywb; } || true
	COOPWATCH_PYWB=.venv-replay/bin $(PY) -m pytest -rs tests/replay

test-browser: setup
	@which chromium > /dev/null || { apt-get update -qq && apt-get install -y -qq chromium libatomic1; }
	@$(UV) sync --quiet --locked --group browser
	@which npm > /dev/null || { apt-get update -qq && apt-get install -y -qq npm; }
	@test -x $(NPM)/node_modules/.bin/html-validate -a -d $(NPM)/node_modules/libmime \
		|| npm install --silent --no-audit --no-fund --prefix $(NPM) html-validate@9.0.0 libmime@5.6.4
	COOPWATCH_BROWSER=1 $(PY) -m pytest tests/browser

test-mail: setup
	$(PY) -m tests.mail_laboratory

soak: setup
	COOPWATCH_SOAK=1 $(PY) -m pytest -n auto -m soak

lock:
	@test -x $(UV) || $(MAKE) setup
	$(UV) lock
	$(UV) export --quiet --no-dev --no-emit-project --format requirements-txt -o requirements.lock

pictures: setup
	$(PY) -m tests.pictures

bench: setup
	$(PY) -m bench

clean:
	rm -rf .venv .venv-replay dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
