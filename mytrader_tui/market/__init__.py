"""The domain: pure and synchronous. No I/O, no clock, no logging, no Textual; time is an argument."""
