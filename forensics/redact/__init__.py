"""Copies of evidence that can be shown: names, addresses, values and certificates replaced, every byte still valid."""
