# Every target only calls run.py (Python's standard library), so that `py run.py demo` does the same without make.
# One variable: the Python to begin with, 3.11 or newer.        make PYTHON=python3.12 test
PYTHON ?= python3

.PHONY: help demo test lint types bench fuzz model crash docs clean venv
.DEFAULT_GOAL := help

help:        # what there is
	@$(PYTHON) run.py help

demo:        # one month of a synthetic county, end to end, under demo/       make demo ARGS="--persons 300000"
	@$(PYTHON) run.py demo $(ARGS)

test:        # the whole suite                                                make test ARGS="tests/ledger -x"
	@$(PYTHON) run.py test $(ARGS)

lint:        # style, arrows between the rooms, tidiness
	@$(PYTHON) run.py lint $(ARGS)

types:       # mypy, strict
	@$(PYTHON) run.py types $(ARGS)

bench:       # the benches whose tables stand in docs/performance.md          make bench ARGS="post_batch"
	@$(PYTHON) run.py bench $(ARGS)

fuzz:        # spoilt files by the hundred thousand through the intake           make fuzz ARGS="--count 1000 --seed 7"
	@$(PYTHON) run.py fuzz $(ARGS)

model:       # random months on both databases against a model of the books       make model ARGS="--steps 100000 --seed 7"
	@$(PYTHON) run.py model $(ARGS)

crash:       # the payment chain killed with -9 at random moments, both databases    make crash ARGS="--count 200 --seed 7"
	@$(PYTHON) run.py crash $(ARGS)

docs:        # write the generated pages again                                make docs ARGS=--check
	@$(PYTHON) run.py docs $(ARGS)

venv:        # only prepare .venv
	@$(PYTHON) run.py venv $(ARGS)

clean:       # remove caches; ARGS=--all removes .venv and demo/ too
	@$(PYTHON) run.py clean $(ARGS)
