"""The command line: verbs, tables for people, --json for programs."""
