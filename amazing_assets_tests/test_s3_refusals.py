import pytest

from amazing_assets.errors import sentence_of
from amazing_assets.s3_refusals import is_refusal, refused, sentence_of_request

# As obstore tells it, and Polars with a few words more.
REQUEST = (
    "Generic S3 error: Error performing PUT "
    "http://key:secret@s3.example.com:8333/bucket/lake/shards in 1.5ms - "
)
ANSWER = (
    REQUEST + "Server returned non-2xx status code: {status}: <Error><Code>{code}</Code></Error>"
)


@pytest.mark.parametrize(
    ("status", "code", "remedy"),
    [
        (
            "404 Not Found",
            "NoSuchBucket",
            "create the bucket, or correct the setting that names it",
        ),
        ("403 Forbidden", "InvalidAccessKeyId", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ("403 Forbidden", "AccessDenied", "allow s3:ListBucket, s3:GetObject, s3:PutObject"),
        ("403 Forbidden", "RequestTimeTooSkewed", "set the clock of this machine"),
        ("400 Bad Request", "ExpiredToken", "set a fresh AWS_SESSION_TOKEN"),
        ("400 Bad Request", "AuthorizationHeaderMalformed", "set AWS_DEFAULT_REGION to the region"),
        ("301 Moved", "PermanentRedirect", "set AWS_DEFAULT_REGION to the region of the bucket"),
    ],
)
def test_an_answer_becomes_one_sentence_with_its_remedy(status, code, remedy):
    text = ANSWER.format(status=status, code=code)
    assert is_refusal(text)
    assert sentence_of_request(text).startswith(f"s3://bucket is refused ({code}); {remedy}")


def test_an_answer_without_a_code_is_read_by_its_status():
    text = REQUEST + "Server returned non-2xx status code: 301 Moved Permanently: "
    assert is_refusal(text)
    assert "refused (PermanentRedirect); set AWS_DEFAULT_REGION" in sentence_of_request(text)


def test_a_server_that_is_away_is_told_without_what_stands_before_its_name():
    text = REQUEST + "HTTP error: error sending request"
    assert not is_refusal(text)
    assert sentence_of_request(text) == (
        "s3://bucket cannot be reached at s3.example.com:8333 (no answer); check "
        "AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL and the network."
    )


def test_a_server_that_fails_says_how():
    text = ANSWER.format(status="503 Slow Down", code="")
    assert "cannot be reached at s3.example.com:8333 (status 503)" in sentence_of_request(text)


def test_a_file_that_is_gone_is_no_refusal():
    text = ANSWER.format(status="404 Not Found", code="NoSuchKey")
    assert not is_refusal(text)
    assert sentence_of_request(text) == (
        "A file of s3://bucket was replaced or taken away while it was read; run it again."
    )


def test_what_quotes_no_request_is_left_to_others():
    assert sentence_of_request("No space left on device (os error 28)") is None


def test_what_polars_raises_of_a_bucket_is_told_as_that_not_as_of_the_machine():
    error = ConnectionRefusedError(f"object-store error: {REQUEST}refused (os error 111)")
    assert sentence_of(error).startswith("s3://bucket cannot be reached at s3.example.com:8333")


def test_a_place_that_is_only_read_asks_for_no_more_rights():
    assert refused("s3://bucket/events", "AccessDenied") == (
        "s3://bucket/events is refused (AccessDenied); allow s3:ListBucket and s3:GetObject to the "
        "account of AWS_ACCESS_KEY_ID."
    )
