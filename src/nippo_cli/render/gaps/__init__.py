"""The pages of the gaps, a module a kind."""
