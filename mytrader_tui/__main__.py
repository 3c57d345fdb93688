"""`python -m mytrader_tui`: the same as the console script."""

from mytrader_tui.cli import main

if __name__ == "__main__":
    main()
