"""How the program is doing: the failover ledger, counters and logs."""
