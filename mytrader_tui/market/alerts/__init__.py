"""Price alerts: what is waited for, when it may be said to have happened, and in which words."""
