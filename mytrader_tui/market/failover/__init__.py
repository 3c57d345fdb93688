"""Which source serves: the router's state machine, the rules it asks, and the story it tells of itself."""
