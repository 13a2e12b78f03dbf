"""Everything spoken to a host over the control plane: clients, monitor, actions."""
