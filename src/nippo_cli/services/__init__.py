"""The use cases, each a function that composes the rooms below."""
