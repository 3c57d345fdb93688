"""The paper account: positions valued at the board's prices, orders and fills, equity."""
