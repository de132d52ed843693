"""The domain of gcvag: from deliveries to explained, flagged segments. Knows no web."""
