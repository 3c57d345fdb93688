"""What keeps the program from starting: a setting or a credential that is not as it must be."""


class SettingsError(Exception):
    """A wrong setting. Its text is one line for people: which file and line, which key, what was expected."""


class CredentialsError(SettingsError):
    """Credentials that cannot be used. Its text names the environment variable and never its value."""
