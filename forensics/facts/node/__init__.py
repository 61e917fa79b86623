"""One state directory: identity, metadata, snapshots, certificates, and what lies beside them."""
