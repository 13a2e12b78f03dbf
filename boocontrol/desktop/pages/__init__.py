"""What stands in the middle of the window: one page for each thing a person opens the panel to do."""
