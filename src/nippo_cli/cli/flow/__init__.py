"""`nippo add` on a terminal: the questions of a report, one by one.

`question` is what passes between the conversation and the terminal; only `asking` knows prompt_toolkit.
"""
