"""The hashes that are stored in production."""

from argon2.profiles import RFC_9106_LOW_MEMORY

from helpdesk.web.auth import passwords


def test_passwords_are_hashed_with_argon2id_as_rfc_9106_recommends() -> None:
    made = passwords.make_hasher()
    assert (made.time_cost, made.memory_cost, made.parallelism, made.type) == (
        RFC_9106_LOW_MEMORY.time_cost,
        RFC_9106_LOW_MEMORY.memory_cost,
        RFC_9106_LOW_MEMORY.parallelism,
        RFC_9106_LOW_MEMORY.type,
    )
    assert made.hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_hash_of_nonsense_fits_no_password() -> None:
    assert not passwords.is_right("x", "not a hash")


def test_a_password_to_hand_over_is_one_that_could_be_chosen() -> None:
    first, second = passwords.new_password(), passwords.new_password()
    assert first != second
    assert passwords.fault_of(first, "somebody@example.org") == ""
