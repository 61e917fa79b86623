"""Rules about: the machine around a state directory."""
