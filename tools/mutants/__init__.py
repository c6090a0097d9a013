"""Small faults put into the pure rooms one at a time, to see whether a test falls over each.

    just mutants                                        the sample of 600
    PYTHONPATH=tools python -m mutants --sample 24 --seed 11      some of it, as CI does

The operators are cosmic-ray's and a few of our own (`operators.py`); what is sampled is in `sites.py`; which tests run a
line is written down by a plugin of pytest (`covering.py`, `probes.py`); each mutant is tried in a forked process on a copy of the
tree (`trials.py`), so that nothing here is touched. Survivors that are accounted for are in `tests/mutants.md`.
"""
