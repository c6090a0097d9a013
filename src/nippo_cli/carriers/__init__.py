"""How a team's records travel: one protocol, and what keeps to it. Records are lines of bytes here; what they say is not looked at."""
