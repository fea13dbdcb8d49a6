"""Decides whether the server is the intended one: docs/protocol.md, "Trust".

This client stores no servers and asks nobody: the user gives the fingerprint, in a join link or with --trust.
"""

import base64
import datetime
import hashlib
import re
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from control import good_room

DEFAULT_PORT = 5555
IDENTITY_NAME = "Pong server identity"
MAX_ROTATIONS = 8
MAX_FURTHER = 4


class Untrusted(Exception):
    """The server is not trusted. The message gives the reason and says what to do."""


def grouped(fingerprint):
    text = fingerprint.hex()
    return ":".join(text[i : i + 4] for i in range(0, 64, 4))


def in_link(fingerprint):
    return base64.urlsafe_b64encode(fingerprint).decode().rstrip("=")


def parse_fingerprint(text):
    """Reads both ways in which a fingerprint is written."""
    if re.fullmatch("([0-9a-f]{4}:){15}[0-9a-f]{4}", text.lower()):
        return bytes.fromhex(text.replace(":", ""))
    if re.fullmatch("[A-Za-z0-9_-]{43}", text):
        fingerprint = base64.urlsafe_b64decode(text + "=")
        if in_link(fingerprint) == text:
            return fingerprint
    raise ValueError("not a fingerprint: it has 16 groups of 4 hexadecimal digits, or 43 characters as in a join link")


def joined(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def parse_link(text):
    """Reads HOST, HOST:PORT or a join link. Returns what parse_address returns, and a list with the further addresses
    of a link, each a host and a port."""
    before, mark, also = text.partition("&also=")
    if not mark:
        return *parse_address(text), []
    host, port, fingerprint, room, ticket = parse_address(before)
    further = also.split(",")
    plain = all(re.fullmatch(r"[A-Za-z0-9._:%\[\]-]+", address) for address in further)
    if fingerprint is None or len(further) > MAX_FURTHER or not plain:
        raise ValueError("&also= is followed by 1 to 4 addresses, and only a link with a fingerprint has it")
    return host, port, fingerprint, room, ticket, [parse_address(address)[:2] for address in further]


def parse_address(text):
    """Reads HOST, HOST:PORT or a join link without further addresses. Returns host, port, fingerprint, room and ticket.
    The last three may be None."""
    link = urlsplit(text if "://" in text else "pong://" + text)
    if link.scheme != "pong" or not link.hostname or link.path not in ("", "/") or link.query or link.username:
        raise ValueError("neither an address nor a join link: pong://HOST:PORT/#k=FINGERPRINT&r=ROOM")
    try:
        port = link.port or DEFAULT_PORT
    except ValueError:
        raise ValueError("the port is not a number from 1 to 65535") from None
    if "#" not in text:
        return link.hostname, port, None, None, None
    found = re.fullmatch("(?:k=([^&]+)(?:&(?!$)|$))?(?:r=([^&]+)|t=([A-Za-z0-9_-]{167,551}))?", link.fragment)
    if not found or not link.fragment or not good_room(found[2] or "a"):
        raise ValueError("the part of the link from # on is not #k=FINGERPRINT, with &r=ROOM, &t=TICKET or neither")
    key, room, ticket = found.groups()
    return link.hostname, port, parse_fingerprint(key) if key else None, room, ticket


def check(chain, wanted, now=None):
    """Raises Untrusted unless this chain, the leaf first, belongs to the server with the wanted fingerprint, or to
    one that had it before it rotated its identity."""
    shown, before = identify(chain, now or datetime.datetime.utcnow())
    if wanted is None:
        raise Untrusted(
            f"its fingerprint is {grouped(shown)}.\nAsk whoever runs the server for the join link, or give the "
            "fingerprint that the server itself has printed with --trust."
        )
    if wanted != shown and wanted not in before:
        raise Untrusted(
            f"its fingerprint is {grouped(shown)},\nbut {grouped(wanted)} was given.\n"
            "Somebody may be in between. Ask whoever runs the server for its join link."
        )


def identify(chain, now):
    """Returns the fingerprint of the server that shows this chain, and those of identities before it that vouch for it,
    the newest first."""
    if not chain:
        raise Untrusted("the server showed no certificate")
    leaf = chain[0]
    _check_leaf(leaf, now)
    if len(chain) < 2 or not _is_identity(chain[1]):
        return fingerprint_of(leaf), []
    _check_signature(leaf, chain[1])
    return fingerprint_of(chain[1]), _lineage(chain[1], chain[2:], now)


def _lineage(identity, lineage, now):
    """Returns the fingerprints of the identities before this one, as the certificates behind it prove them."""
    if not lineage:
        return []
    if not 2 <= len(lineage) <= MAX_ROTATIONS + 1 or fingerprint_of(lineage[0]) != fingerprint_of(identity):
        raise Untrusted("the certificates behind its identity do not lead to it")
    for certificate in lineage:
        if not certificate.not_valid_before <= now <= certificate.not_valid_after or not _is_authority(certificate):
            raise Untrusted("a certificate behind its identity is not that of an identity")
    for certificate, before in zip(lineage, lineage[1:]):
        _check_signature(certificate, before)
        if not _may_sign(before):
            raise Untrusted("a certificate behind its identity is signed by one that must not sign")
    return [fingerprint_of(certificate) for certificate in lineage[1:]]


def fingerprint_of(certificate):
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(key).digest()


def _check_leaf(leaf, now):
    if not leaf.not_valid_before <= now <= leaf.not_valid_after:
        raise Untrusted(
            f"its certificate holds from {leaf.not_valid_before} to {leaf.not_valid_after} UTC. Is the clock right?"
        )
    try:
        usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return
    if ExtendedKeyUsageOID.SERVER_AUTH not in usage:
        raise Untrusted("its certificate may not be used for servers")


def _is_identity(certificate):
    """Reports whether this is the second certificate of a server with its own identity."""
    if certificate.subject != certificate.issuer or not _is_authority(certificate):
        return False
    try:
        _check_signature(certificate, certificate)
    except Untrusted:
        return False
    return True


def _is_authority(certificate):
    """Reports whether this certificate has the form of an identity."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        return False
    try:
        authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
    return authority and [name.value for name in names] == [IDENTITY_NAME]


def _may_sign(certificate):
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        return True


def _check_signature(certificate, signer):
    # Without this check anyone could show the public identity of another server behind a leaf of their own.
    try:
        signer.public_key().verify(
            certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(certificate.signature_hash_algorithm)
        )
    except InvalidSignature:
        raise Untrusted("its certificate is not signed by the identity that it shows") from None
