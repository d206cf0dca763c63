"""To be built."""


def connect() -> None:
    """Stub."""
