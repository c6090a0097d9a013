# `just check` is what CI runs. The rest works in the environment that is active.

# Everything that must hold, in a fresh environment.
check:
    .ci/run

# Install nippo, editable, with what its tests need.
setup:
    python -m pip install -e '.[test]'

# After a change to a catalogue, to schema.yaml or to what a command takes.
build:
    python hatch_build.py

# The checks alone, without a fresh environment.
quick: build
    ruff check .
    ruff format --check .
    mypy
    lint-imports
    python -m pytest -q -n auto --dist worksteal

format:
    ruff check --fix .
    ruff format .

# Branch coverage, subprocesses included.
coverage: build
    coverage erase
    coverage run -m pytest -q
    coverage combine
    coverage report

# Every fault that is tried by lot, not only the sample of each: killed writers, two devices, flipped bits.
faults: build
    NIPPO_FAULTS=all python -m pytest -q tests/faults

# Every test with as many trials as it knows: days, pages, drawn examples. Hours on two cores.
deep: build
    NIPPO_FAULTS=all python -m pytest -q -n auto --dist worksteal

# Small faults put into the rooms that count, 600 of them, to see whether a test falls over each: tests/mutants.md.
mutants: build
    PYTHONPATH="{{justfile_directory()}}/tools" python -m mutants

# The terminal goldens and the JSON of the docs anew, after a look at what changed.
goldens:
    python -m pytest -q --snapshot-update
    python tests/contract/doc_pages.py docs/json.md
    python tests/contract/doc_pages.py docs/json-gaps.md
    python tests/terminal/shown_screens.py

# The story of `nippo demo` anew, after a change in tools/; then `just goldens`.
demo:
    python tools/make_demo.py

# The modules that each daily command loads, anew, after a thought about what more of them cost.
loaded: build
    python -m pytest -q --snapshot-update tests/contract/test_loaded_modules.py
