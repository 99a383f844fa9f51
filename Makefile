# Each verb sets up what it needs from a bare Python 3.11 with pip. Without make: python make.py demo
PYTHON ?= python3

.PHONY: demo test lint types docs house bench wheelhouse wheels migrations audit
demo test lint types docs house bench wheelhouse wheels migrations audit:
	@$(PYTHON) make.py $@ $(ARGS)
