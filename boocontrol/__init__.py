"""BooControl: one control panel and one endpoint for all your llama-swap hosts.

The rooms and who may import whom are stated in tests/test_architecture.py.
"""

__version__ = "0.1.0"
