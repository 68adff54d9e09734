"""What can go wrong between records and candidates."""


class TransformError(Exception):
    """A table that breaks its contract. Names table and column, never a text of the source."""
