"""The two commands."""

import sys
from importlib import resources

from columns import joined

from tally._count import count_words


def common_words():
    text = resources.files("tally").joinpath("data/common.txt").read_text()
    return text.split()


def main():
    text = sys.stdin.read()
    common = set(common_words())
    found = sum(word in common for word in text.split())
    print("%d words, %d of them common" % (count_words(text), found))
    return 0 if text else 3


def print_common():
    print(joined(common_words()))
