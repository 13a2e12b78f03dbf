"""Values, rules and files: no sockets, no Qt. A plain library for other programs too."""
