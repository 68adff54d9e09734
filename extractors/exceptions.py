"""What can go wrong between a question and a record. Each message names the thing and the way out."""

from catalogue.reasons import Reason


class Reasoned(Exception):
    """A fault whose reason is a code with values; as text it is English."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        return self.words("en")

    def words(self, language: str) -> str:
        """What went wrong, in `nb` or `en`."""
        return self.reason.sentence(language)


class FetchError(Reasoned):
    """A question that got no usable answer."""


class InvalidURL(FetchError, ValueError):
    """Not a URL by the WHATWG URL standard. The message names it; the reason, which is stored, does not: a link may hold anything."""

    def __init__(self, reason: Reason, url: str = "") -> None:
        super().__init__(reason)
        self.url = url
        self.args = (reason, url)

    def words(self, language: str) -> str:
        return f"{super().words(language)}: {self.url[:200]!r}"


class AddressRefused(FetchError):
    """The address is not a public web address (WEB B.8)."""


class HostUnknown(AddressRefused):
    """The host name has no address."""


class OutOfScope(FetchError):
    """The host is not among the hosts of the source; it is recorded and not asked. `url` is where we were sent, and is stored nowhere."""

    def __init__(self, reason: Reason, url: str = "") -> None:
        super().__init__(reason)
        self.url = url


class RobotsRefused(FetchError):
    """robots.txt says no, or could not be read and therefore means no (RFC 9309 section 2.3.1.4)."""


class RobotsUnreachable(RobotsRefused):
    """robots.txt got no answer at all: no for now, and a failure of the network rather than a decision of the site."""


class LoginRequired(FetchError):
    """The server sends us to a login page."""


class CredentialMissing(LoginRequired):
    """The service wants a key, and nobody has given us one."""


class AccessDenied(FetchError):
    """A refusal, also one dressed as 200."""


class HostResting(FetchError):
    """The host failed or asked us to wait; it is left alone until the time named."""


class AllowanceSpent(FetchError):
    """The questions that were allowed on behalf of a body are used up; nothing was asked."""


class TooLarge(FetchError):
    """The body passed the cap for its kind; nothing truncated is kept as if it were whole."""


class DeadlineExceeded(FetchError):
    """The answer did not come in full within the total deadline."""


class NetworkError(FetchError):
    """No connection, or one that broke."""


class ContactMissing(Exception):
    """The real web is not asked without saying who asks."""


class ArchiveDamaged(Exception):
    """The archived bytes are not the bytes that were fetched."""


class ArchiveErased(Exception):
    """The archived answer was deleted (journal files after 365 days, or a take-down)."""


class PlatformError(Exception):
    """A source entry does not fit its platform."""


class Interrupted(BaseException):
    """We were asked to stop. No Exception, so that nothing takes it for a fault of a source."""
