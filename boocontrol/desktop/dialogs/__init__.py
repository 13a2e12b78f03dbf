"""Dialogs, always opened with open(), never exec(): a nested loop would starve the coroutines that are on their way."""
