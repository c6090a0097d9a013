"""The pages of the landing."""
