"""Rules about daemon.yaml, the truststore and recovery leftovers of microcluster products (FACTS 8)."""
