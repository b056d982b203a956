"""`python -m resilens` is the command line."""

from resilens.cli import main

if __name__ == "__main__":
    main()
