"""What only a bucket can do; all else is said of both kinds of place in `test_zone.py`."""

import gzip
import socket
import tracemalloc
from contextlib import suppress
from threading import Thread

import numpy as np
import pytest

from amazing_assets.landing.bucket import Prefix
from amazing_assets.landing.zone import LandingError
from amazing_assets_tests.builders import line
from amazing_assets_tests.places import ACCESS_KEY, SECRET_KEY, BucketPlace

MEGABYTE = 1 << 20


def noise(megabytes, seed=1):
    return np.random.default_rng(seed).bytes(megabytes * MEGABYTE)


@pytest.mark.parametrize(
    ("address", "bucket", "prefix"),
    [
        ("s3://landing", "landing", ""),
        ("s3://landing/", "landing", ""),
        ("s3://landing/shop/in", "landing", "shop/in/"),
        ("s3://landing/shop/in/", "landing", "shop/in/"),
    ],
)
def test_an_address_is_a_bucket_and_a_prefix(address, bucket, prefix):
    place = Prefix.of(address, None)
    assert (place.bucket, place.prefix) == (bucket, prefix)
    assert str(place) == address.rstrip("/")


def test_a_key_that_stands_for_a_folder_is_no_file(bucket):
    bucket.write("", b"")
    bucket.write("truth/", b"")
    bucket.deliver(line())
    assert [file.name for file in bucket.zone().files()] == ["2019-Oct.csv"]


def test_a_prefix_that_begins_alike_is_another_place(bucket):
    BucketPlace(bucket.server, f"{bucket.prefix}-old").deliver(line())
    bucket.deliver(line(), name="2019-Nov.csv")
    assert [file.name for file in bucket.zone().files()] == ["2019-Nov.csv"]


def test_a_file_in_many_pieces_is_there_when_it_is_whole(bucket):
    client, where = bucket.server.client, bucket.object("2019-Oct.csv")
    upload = where | {"UploadId": client.create_multipart_upload(**where)["UploadId"]}
    pieces = [noise(5, piece) for piece in (1, 2)]
    tags = []
    for number, piece in enumerate(pieces, 1):
        sent = client.upload_part(**upload, PartNumber=number, Body=piece)
        tags.append({"PartNumber": number, "ETag": sent["ETag"]})
        assert bucket.zone().files() == []
    client.complete_multipart_upload(**upload, MultipartUpload={"Parts": tags})
    (file,) = bucket.zone().files()
    with file.open() as stream:
        assert stream.read() == b"".join(pieces)


def test_a_file_delivered_again_while_it_is_read_is_refused(bucket):
    bucket.write("2019-Oct.csv", b"old")
    (file,) = bucket.zone().files()
    bucket.write("2019-Oct.csv", b"new")
    with pytest.raises(LandingError, match=r"Oct\.csv was delivered again"), file.open() as stream:
        stream.read()


def test_a_file_that_is_taken_away_is_said_to_be(bucket):
    bucket.write("2019-Oct.csv", b"old")
    (file,) = bucket.zone().files()
    bucket.remove("2019-Oct.csv")
    with pytest.raises(LandingError, match=r"2019-Oct.csv was taken away"), file.open() as stream:
        stream.read()


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_a_large_file_is_never_held_whole(bucket, compress):
    text = noise(40)
    bucket.write(f"2019-Oct.csv{'.gz' if compress is gzip.compress else ''}", compress(text))
    (file,) = bucket.zone().files()
    seen = 0
    tracemalloc.start()
    with file.open() as stream:
        while chunk := stream.read(MEGABYTE):
            assert chunk == text[seen : seen + len(chunk)]
            seen += len(chunk)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen == len(text)
    assert peak < 24 * MEGABYTE


class Line:
    """The way to a server; from the day it fails, an answer ends so many bytes after its head."""

    def __init__(self, target):
        self.host, self.port = target.split(":")
        self.bytes = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self):
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                Thread(target=self.join, args=(near,), daemon=True).start()

    def join(self, near):
        with near, socket.create_connection((self.host, int(self.port))) as far:
            asking = Thread(target=self.ask, args=(near, far), daemon=True)
            asking.start()
            self.answer(far, near)
            near.shutdown(socket.SHUT_RDWR)
            asking.join()

    def ask(self, near, far):
        with suppress(OSError):
            while request := near.recv(1 << 16):
                far.sendall(request)

    def answer(self, far, near):
        sent, head = b"", None
        while received := far.recv(1 << 16):
            sent += received
            head = sent.find(b"\r\n\r\n") + 4
            over = len(sent) - head - self.bytes if self.bytes is not None else 0
            near.sendall(received[: len(received) - max(over, 0)])
            if over > 0:
                return


@pytest.fixture
def faulty(bucket, monkeypatch):
    """A line between the bucket and whoever reads it."""
    faulty = Line(bucket.server.s3)
    Thread(target=faulty.serve, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", faulty.address)
    yield faulty
    faulty.listener.shutdown(socket.SHUT_RDWR)
    faulty.listener.close()


def test_a_line_that_is_cut_goes_on_where_it_was(bucket, faulty):
    text = noise(5)
    bucket.write("2019-Oct.csv", text)
    (file,) = bucket.zone().files()
    faulty.bytes = 2 * MEGABYTE
    with file.open() as stream:
        assert stream.read() == text


def test_a_line_that_is_always_cut_is_given_up_in_one_sentence(bucket, faulty):
    bucket.write("2019-Oct.csv", noise(1))
    (file,) = bucket.zone().files()
    faulty.bytes = 0
    sentence = rf"2019-Oct.csv of {bucket.root} breaks off after [\d,]+ of 1,048,576 bytes; check"
    with pytest.raises(LandingError, match=sentence), file.open() as stream:
        stream.read()


# No server listens on the first port; a free one would differ between processes that collect.
NOBODY = "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"AWS_ACCESS_KEY_ID": "nobody"}, "is refused (InvalidAccessKeyId); set AWS_ACCESS_KEY_ID"),
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "is refused (SignatureDoesNotMatch); set AWS_ACCESS_"),
        ({"AWS_SECRET_ACCESS_KEY": None}, "(PartialCredentialsError); check the AWS_ variables"),
        (
            {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
            "wants credentials and there are none; set AWS_ACCESS_KEY_ID",
        ),
        ({"AWS_ENDPOINT_URL_S3": NOBODY}, f"cannot be reached at {NOBODY[7:]} (EndpointConnection"),
        (
            {"AWS_ENDPOINT_URL_S3": NOBODY.replace("//", "//me:mine@")},
            f"cannot be reached at {NOBODY[7:]} (EndpointConnection",
        ),
        ({"AWS_ENDPOINT_URL_S3": "me:mine"}, "(ValueError); check the AWS_ variables"),
        ({"AWS_PROFILE": "nobody"}, "(ProfileNotFound); check the AWS_ variables"),
    ],
)
def test_a_way_that_does_not_lead_there_is_one_sentence(bucket, monkeypatch, changed, sentence):
    for name, value in changed.items():
        if value is None:
            monkeypatch.delenv(name)
        else:
            monkeypatch.setenv(name, value)
    with pytest.raises(LandingError) as refused:
        bucket.zone().files()
    said = str(refused.value)
    assert sentence in said
    assert bucket.root in said
    for secret in (SECRET_KEY, ACCESS_KEY, "nobody", "wrong", "mine"):
        assert secret not in said.replace(bucket.root, "")
    assert len(said.splitlines()) == 1


def test_a_host_that_is_silent_is_given_up_before_a_tick_is_cut_off(bucket):
    waits = bucket.zone().place.client.meta.config
    longest = waits.connect_timeout + waits.read_timeout
    assert waits.retries["total_max_attempts"] * longest < 60


def test_a_bucket_that_does_not_exist_is_one_sentence(bucket):
    with pytest.raises(LandingError) as refused:
        Prefix(bucket.server.client, "nowhere-at-all", "in/").files()
    assert str(refused.value) == (
        "s3://nowhere-at-all/in is refused (NoSuchBucket); create the bucket, or correct "
        "AMAZING_LANDING."
    )
