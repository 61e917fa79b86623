"""The machine around a state directory: disks, addresses, services, journals."""
