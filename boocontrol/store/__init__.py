"""The SQLite database: settings and, later, history."""
