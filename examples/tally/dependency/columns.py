"""Puts words beside each other."""


def joined(words):
    return " ".join(words)
