"""Exporters that point coding agents at the gateway: pure functions and one file writer."""
