"""Kubernetes' objects out of a kine table, in forms that other programs take."""
