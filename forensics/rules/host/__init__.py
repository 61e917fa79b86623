"""Rules about the machine around a state directory (docs/reference/collectors.md#sos)."""
