"""What the program needs, looked at one by one: this machine, the settings, the servers, the files."""
