"""Foreign formats, both ways. What comes in goes through the same checks that `add` makes; nothing here knows the
journal."""
