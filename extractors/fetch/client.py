"""One polite, archived HTTP client for everything."""
