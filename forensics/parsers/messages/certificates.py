"""Certificates and truststores: whom a member trusts (go-dqlite app, microcluster, Go's crypto/tls and x509)."""

from __future__ import annotations

from forensics.parsers.messages.message import Message, after, message

MESSAGES: tuple[Message, ...] = (
    message(
        "truststore-empty",
        r"failed to parse local record \\?\"[^\"\\]*\\?\"\.? found empty certificate"
        r"|(?:found )?empty certificate",
        "mpty certificate",
    ),
    message("truststore-empty", r"failed to initialize trust store", "nitialize trust store"),
    message(
        "certificate-refused",
        after("x509: ")
        + r".*(?:expired|not yet valid|is valid for|unknown authority|IP SANs|relies on legacy Common Name"
        r"|malformed|negative serial number)"
        r"|tls: (?:private key (?:does not match|type does not match)|failed to (?:find|parse)\b.*(?:PEM|private key))"
        r"|go-dqlite[\w/@.+-]{0,40}/app/tls\.go:\d+"  # its frame in a panic: a certificate without a DNS name
        r"|tls: (?:bad certificate|expired certificate|unknown certificate|failed to verify)|remote error: tls: \w+"
        r"|failed to load keypair from cluster\.crt|failed to add certificate to pool"
        r"|certificate (?:token does not match that of cluster member|fingerprint mismatch)"
        r"|failed to load TLS certificate",
        "x509: ",
        "tls: ",
        "/app/tls.go:",
        "keypair from cluster.crt",
        "certificate to pool",
        "ertificate token does not match",
        "ertificate fingerprint mismatch",
        "to load TLS certificate",
    ),
)
