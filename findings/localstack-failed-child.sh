#!/usr/bin/env bash
# A distributed map of Step Functions whose child fails must fail, unless failures are tolerated. LocalStack's interpreter lets it
# succeed, with null in the child's place: a Catch of the map is never reached.
#
# Version: localstack-core 2026.3.0 (PyPI), Python 3.13, Linux x64. Seen:
#   DISTRIBUTED SUCCEEDED [null,null]
#   INLINE FAILED Mine
# AWS documents of ToleratedFailureCount and ToleratedFailurePercentage that the default is 0: a map run fails when one child does
# (States.ExceedToleratedFailureThreshold).
#
# Needs a Python 3.10 or newer; PYTHON names it. Exits with 1 if the above has changed.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT

"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'localstack-core[runtime]==2026.3.0' 'cbor2<6'

export PORT DISABLE_EVENTS=1 OVERRIDE_IN_DOCKER=0 FILESYSTEM_ROOT=$folder
PORT=$("$folder/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

"$folder/venv/bin/python" - >"$folder/log" 2>&1 <<'PYTHON' &
import os
from localstack.aws.app import LocalstackAwsGateway
from localstack.aws.serving.hypercorn import serve
from localstack.services.plugins import Service, ServiceManager
from localstack.services.stepfunctions.provider import StepFunctionsProvider

services = ServiceManager()
services.add_service(Service.for_provider(StepFunctionsProvider()))
serve(LocalstackAwsGateway(services), "127.0.0.1", int(os.environ["PORT"]), use_reloader=False)
PYTHON
server=$!

seen=$("$folder/venv/bin/python" - <<'PYTHON'
import json, os, time
import boto3
from botocore.exceptions import EndpointConnectionError

sfn = boto3.client("stepfunctions", endpoint_url=f"http://127.0.0.1:{os.environ['PORT']}", region_name="eu-central-1",
                   aws_access_key_id="test", aws_secret_access_key="test")
for _ in range(100):
    try:
        sfn.list_state_machines()
        break
    except EndpointConnectionError:
        time.sleep(1)

child = {"StartAt": "Fail", "States": {"Fail": {"Type": "Fail", "Error": "Mine", "Cause": "Every child fails."}}}
for config in ({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, {"Mode": "INLINE"}):
    states = {"Map": {"Type": "Map", "ItemProcessor": {"ProcessorConfig": config, **child}, "End": True}}
    machine = sfn.create_state_machine(name=config["Mode"], roleArn="arn:aws:iam::000000000000:role/any",
                                       definition=json.dumps({"StartAt": "Map", "States": states}))
    started = sfn.start_execution(stateMachineArn=machine["stateMachineArn"], input="[1, 2]")
    while (ended := sfn.describe_execution(executionArn=started["executionArn"]))["status"] == "RUNNING":
        time.sleep(0.2)
    print(config["Mode"], ended["status"], ended.get("output", ended.get("error")))
PYTHON
)
echo "$seen"
[ "$seen" = $'DISTRIBUTED SUCCEEDED [null,null]\nINLINE FAILED Mine' ]
