#!/usr/bin/env bash
# CopyObject of S3 takes the conditions If-None-Match and If-Match on the key that it writes (API reference of CopyObject, since
# October 2025): on a key that exists, `If-None-Match: *` is 412. MiniStack knows both on PutObject, and copies over the key all
# the same. It keeps no SHA-256 with a copy that asks for one, and gives none in its answer.
#
# Version: ministack 1.5.33 with its botocore 1.43.106 (PyPI), Python 3.13, Linux x64. Seen:
#   PutObject 412, CopyObject 200, without a SHA-256: the key has the bytes of the source
#
# Needs a Python 3.10 or newer; PYTHON names it. Exits with 1 if the above has changed.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT

"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'ministack==1.5.33'

GATEWAY_PORT=$("$folder/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# Without IOT_MTLS_ENABLED=0 it opens a port on every interface.
export GATEWAY_PORT BIND_HOST=127.0.0.1 IOT_MTLS_ENABLED=0 TMPDIR=$folder
"$folder/venv/bin/ministack" >"$folder/log" 2>&1 &
server=$!

seen=$("$folder/venv/bin/python" - <<'PYTHON'
import os, time
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.session import Session

s3 = Session().create_client("s3", endpoint_url=f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
                             region_name="eu-central-1", aws_access_key_id="test", aws_secret_access_key="test")
for _ in range(100):
    try:
        s3.list_buckets()
        break
    except EndpointConnectionError:
        time.sleep(0.5)

region = {"LocationConstraint": "eu-central-1"}
s3.create_bucket(Bucket="bucket", CreateBucketConfiguration=region)
s3.put_object(Bucket="bucket", Key="source", Body=b"source")
s3.put_object(Bucket="bucket", Key="there", Body=b"there")


def status(call, **parameters):
    try:
        answer = call(Bucket="bucket", Key="there", **parameters)
    except ClientError as error:
        answer = error.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer


put, _ = status(s3.put_object, Body=b"new", IfNoneMatch="*")
copy, answer = status(s3.copy_object, IfNoneMatch="*", CopySource="bucket/source", ChecksumAlgorithm="SHA256")
head = s3.head_object(Bucket="bucket", Key="there", ChecksumMode="ENABLED")
has_sum = "ChecksumSHA256" in answer.get("CopyObjectResult", {}) or "ChecksumSHA256" in head
body = s3.get_object(Bucket="bucket", Key="there")["Body"].read()
print(f"PutObject {put}, CopyObject {copy}, {'with' if has_sum else 'without'} a SHA-256:"
      f" the key has the bytes of the {'source' if body == b'source' else 'old file'}")
PYTHON
)
echo "$seen"
[ "$seen" = 'PutObject 412, CopyObject 200, without a SHA-256: the key has the bytes of the source' ]
