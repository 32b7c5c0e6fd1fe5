"""HTTP itself: the gateway, negotiation, streaming, limits, problem documents, metrics, logs."""
