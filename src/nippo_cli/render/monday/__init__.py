"""The report for the meeting: page one, and what stands behind it."""
