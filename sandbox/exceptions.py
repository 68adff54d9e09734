"""What can go wrong in the sandbox, each naming the thing and the way out."""


class SandboxError(Exception):
    """Base of the sandbox's own errors."""


class BankError(SandboxError):
    """A text bank file breaks its form: the message names file, entry and field."""


class ManifestError(SandboxError):
    """A recordings manifest breaks its form: the message names file, line and field."""
