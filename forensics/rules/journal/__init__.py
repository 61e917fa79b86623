"""Rules about: messages in journals."""
