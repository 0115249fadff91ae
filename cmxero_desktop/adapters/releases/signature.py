"""Check an Ed25519 signature by libsodium, which refuses the keys and signatures that fit more than one text."""


def is_signed(key: bytes, signature: bytes, signed: bytes) -> bool:
    """Say whether a key has given this signature for these bytes."""
    from nacl.exceptions import CryptoError  # noqa: PLC0415 - only whoever asks for updates needs it
    from nacl.signing import VerifyKey  # noqa: PLC0415 - as above

    try:
        VerifyKey(key).verify(signed, signature)
    except (CryptoError, ValueError):
        return False
    return True
