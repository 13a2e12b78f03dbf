"""Typed async client of the control API, for the command line and other programs."""
