"""Rules about: names, sizes and times alone."""
