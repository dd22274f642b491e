"""Held and raw content is ciphertext, opens only with its keys, and is gone when its key is."""

import stat
from pathlib import Path

import pytest

from helpdesk.db import reading, writing
from helpdesk.services import Services
from helpdesk.vault import KEY_BYTES, ContentDestroyed, Vault, VaultError, open_vault
from tests.conftest import settings_for

ONE, TWO = b"1" * KEY_BYTES, b"2" * KEY_BYTES
SECRET = b"a letter about somebody" * 50


def test_what_is_sealed_opens_again_and_shows_nothing() -> None:
    sealed = Vault([ONE]).seal(SECRET)
    assert Vault([ONE]).open(sealed.wrapped_key, sealed.content) == SECRET
    assert b"letter" not in sealed.content + sealed.wrapped_key


def test_a_new_first_key_still_opens_what_the_old_one_sealed() -> None:
    sealed = Vault([ONE]).seal(SECRET)
    assert Vault([TWO, ONE]).open(sealed.wrapped_key, sealed.content) == SECRET
    with pytest.raises(VaultError, match=r"keys\.master"):
        Vault([TWO]).open(sealed.wrapped_key, sealed.content)


def test_a_changed_content_does_not_open() -> None:
    sealed = Vault([ONE]).seal(SECRET)
    with pytest.raises(VaultError, match="changed"):
        Vault([ONE]).open(sealed.wrapped_key, sealed.content[:-1] + b"x")


def test_destroying_the_key_erases_the_content(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        blob = each_engine.vault.put(session, SECRET)
    with writing(each_engine.sessions) as session:
        each_engine.vault.destroy(session, blob.id)
    with pytest.raises(ContentDestroyed), reading(each_engine.sessions) as session:
        each_engine.vault.get(session, blob.id)


def test_the_key_file_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    first, second = open_vault(settings), open_vault(settings)
    sealed = first.seal(SECRET)
    assert second.open(sealed.wrapped_key, sealed.content) == SECRET
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["", "not base64!", "c2hvcnQ="])
def test_an_unfit_key_is_refused_with_a_sentence(tmp_path: Path, key: str) -> None:
    with pytest.raises(VaultError, match=r"keys\.master"):
        open_vault(settings_for(tmp_path, keys={"master": [key]}))


def test_the_vault_never_prints_a_key() -> None:
    assert "1111" not in repr(Vault([ONE]))
