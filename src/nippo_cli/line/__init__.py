"""Points become lines: stays, promises, norms, and the check of a report. Pure."""
