"""Alpaca: the market data stream, REST snapshots and the paper account."""
