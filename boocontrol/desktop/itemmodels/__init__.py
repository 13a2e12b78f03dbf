"""Qt item models over the values of the stores. They hold no widget, ask nobody and change nothing on a host."""
