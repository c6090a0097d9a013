"""The union of a team's logs: records of other devices taken in, and a journal's own handed out."""
