"""The proof of a row in words: the badge and its rule, both sources side by side, and what happened lately."""
