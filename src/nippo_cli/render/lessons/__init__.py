"""The pages of the lessons, a module a kind."""
