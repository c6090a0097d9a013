"""Tools of whoever works on nippo; no part of what is installed."""
