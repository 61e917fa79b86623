"""Rules about daemon.yaml, the truststore and recoveries of microcluster (docs/reference/microcluster.md)."""
