"""The demo: an invented sales team's journal, made from a seed, and the tour through it."""
