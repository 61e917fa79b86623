"""Rules about names, sizes and times, which also work on a listing."""
