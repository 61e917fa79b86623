"""Inputs → files, read in place: nothing is unpacked, everything used is hashed, every refusal is recorded."""
