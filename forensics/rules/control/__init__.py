"""Rules about: files that direct a product's next start."""
