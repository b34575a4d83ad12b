"""Passwords of tests cost little: thousands of invented people sign in. The shipped cost has a test of its own."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id as shipped, at the least cost that there is."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
