"""The least of an input that still shows its findings, as a fixture."""
