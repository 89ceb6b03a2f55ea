#!/usr/bin/env python3
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Brakuje Django w tym środowisku. Uruchom: python3 run.py " + " ".join(sys.argv[1:]))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
