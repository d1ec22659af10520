"""Serves LocalStack's interpreter of Step Functions on 127.0.0.1:PORT, with no other of its services.

    serve_engine.py PORT JARS

The rest of LocalStack is not started: it would download Java and jars by itself, open a port for DNS, and bind every
interface. Where the interpreter finds Lambda, S3 and STS is in the environment (AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_LAMBDA).
"""

import sys

import jpype
from localstack.aws.app import LocalstackAwsGateway
from localstack.aws.serving.hypercorn import serve
from localstack.services.plugins import Service, ServiceManager
from localstack.services.stepfunctions.asl.jsonata import jsonata
from localstack.services.stepfunctions.provider import StepFunctionsProvider

port, jars = sys.argv[1:]


class InstalledJsonata:
    """Stands in for the package that LocalStack would install: this machine's Java, and the jars of pom.xml."""

    def get_installer(self):
        return self

    def install(self):
        pass

    def get_java_lib_path(self):
        return jpype.getDefaultJVMPath()

    def get_installed_dir(self):
        return jars


jsonata.jpype_jsonata_package = InstalledJsonata()
services = ServiceManager()
services.add_service(Service.for_provider(StepFunctionsProvider()))
serve(LocalstackAwsGateway(services), "127.0.0.1", int(port), use_reloader=False)
