"""`python -m nippo_cli`: nippo where its script is not on the path."""

from nippo_cli.cli.frame.main import run

if __name__ == "__main__":
    run()
