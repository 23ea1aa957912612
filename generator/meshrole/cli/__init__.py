"""The command line: parse, call, print, exit. One small file for each command."""

from meshrole.cli.app import main

__all__ = ["main"]
