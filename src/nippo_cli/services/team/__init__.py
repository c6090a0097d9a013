"""A team's diary: begin one, join one, and keep it in step."""
