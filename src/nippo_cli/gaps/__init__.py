"""One pure file a question: frozen facts in, frozen findings out."""

# The gaps that `nippo gap KIND` answers, in the order of the page.
KINDS = ("stalled",)
