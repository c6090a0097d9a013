"""The schema: what a report must say, and how its words are read."""
