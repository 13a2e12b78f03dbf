"""The headless process: data plane, control API, reload."""
