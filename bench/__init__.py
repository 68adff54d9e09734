"""Measurements: `make bench`. Each is a ratio against a named baseline that ran in the same process, never a bare time."""
