"""Rules about: members, as YAML files alone tell."""
