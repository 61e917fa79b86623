"""Facts → findings. One file a rule, found by folder and registered nowhere else; start with api.py."""
