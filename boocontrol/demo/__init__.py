"""A simulated llama-swap fleet, for a first look and for the tests."""
