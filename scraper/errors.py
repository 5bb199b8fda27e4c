"""The error tree of the whole house: what can go wrong in a way that a caller treats differently.

CoopwatchError                  everything below; has a message in one line and a hint
├── SettingsError               coopwatch.toml or the environment cannot be used
├── SourceError                 a source file cannot be used, or no source has that name
├── NotFoundError               the asked page, project, change or delivery does not exist
│   └── BodyDroppedError        the asked body is no longer kept, on purpose
├── AccountError                a member of staff cannot have an account, or a password, like that
├── AddressError                what somebody typed is no e-mail address
├── DecisionError               what staff decide cannot be done as things stand
├── UnreadableError             a file handed to us is not what it should be (parse, replay)
├── EvidenceError               the evidence log does not bear out what it once said
├── TimestampError              a time-stamping authority does not answer, or its answer proves nothing
├── BackupError                 a backup cannot be made or put back
├── DatabaseError               the database cannot be used
│   ├── DatabaseMissingError    there is none yet
│   ├── DatabaseOlderError      it must be migrated first
│   ├── DatabaseNewerError      it was written by a later version of coopwatch
│   └── DatabaseFullError       the disk or a limit refuses writes
└── MailError                   the mail server cannot be reached or refuses to talk

A failed visit is no error: it is a Capture with a Failure, and so part of history.
"""


class CoopwatchError(Exception):
    """Root of the tree; `hint` says what the person can do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SettingsError(CoopwatchError):
    """The settings cannot be used as they stand."""


class SourceError(CoopwatchError):
    """A source file is broken, or no source has the asked name."""


class NotFoundError(CoopwatchError):
    """The asked page, project, change or delivery does not exist."""


class BodyDroppedError(NotFoundError):
    """The asked body was dropped on purpose; its digest and what was read in it are kept."""


class AccountError(CoopwatchError):
    """A member of staff cannot have an account, or a password, like that."""


class AddressError(CoopwatchError):
    """What somebody typed is no e-mail address."""


class DecisionError(CoopwatchError):
    """What a member of staff decides cannot be done as things stand."""


class UnreadableError(CoopwatchError):
    """A file handed to us is missing or not what it should be."""


class EvidenceError(CoopwatchError):
    """The evidence log does not bear out what it once said."""


class TimestampError(CoopwatchError):
    """A time-stamping authority does not answer, or its answer proves nothing about the checkpoint."""


class ProviderError(CoopwatchError):
    """The staff's identity provider does not answer, or its answer vouches for nobody."""


class BackupError(CoopwatchError):
    """A backup cannot be made, is not what it says, or cannot be put back."""


class DatabaseError(CoopwatchError):
    """The database cannot be used."""


class DatabaseMissingError(DatabaseError):
    """There is no database yet at that place."""


class DatabaseOlderError(DatabaseError):
    """The database was written by an earlier version and must be migrated first."""


class DatabaseNewerError(DatabaseError):
    """The database was written by a later version than this one."""


class DatabaseFullError(DatabaseError):
    """The disk, or a limit set on it, refuses further writes."""


class MailError(CoopwatchError):
    """The mail server cannot be reached or refuses to talk to us."""
