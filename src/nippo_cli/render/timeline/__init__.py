"""Deals' lines on a time axis."""
