"""What the next start would do: rules on the forecast."""
