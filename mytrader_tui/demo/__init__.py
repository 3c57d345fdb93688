"""A market on loopback: Alpaca's sockets and REST, Yahoo's HTTP, and faults on demand."""
