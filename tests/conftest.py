"""How fast this machine happens to be is no property of the program: Hypothesis keeps no deadline."""

from hypothesis import settings

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
