"""What is insecure in the Serverless Framework's own settings: the provider's and those of functions.

Names and defaults: https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..match import Hit
from ..predicates import equals, is_empty, is_false, is_true, matches, one_of
from . import credentials, policy
from . import find_aws as find
from .fact import Fact, Table
from .resource import Resource, View, is_dynamic, reach

TABLE: Final = Table()


def granted(resource: Resource, view: View) -> Iterator[tuple[str, Hit]]:
    """What the functions may do; the statements stand without a document around them."""
    for path in ("iamRoleStatements[]", "iam.role.statements[]"):
        for node in reach(resource.body, path):
            if node.resolved.kind == "mapping" and not is_dynamic(node):
                yield from find.identity(policy.statement(node.resolved), None)


TABLE.find("serverless.provider serverless.function", granted)
TABLE.find("serverless.provider serverless.function", credentials.variables("environment"))
TABLE.find("serverless.provider", find.policies("{resourcePolicy}", find.of_resource))
TABLE.add(
    "serverless.provider",
    Fact("cloud-administrator-attached", "iamManagedPolicies[]", matches(r"policy/(AdministratorAccess|IAMFullAccess|PowerUserAccess)\Z")),
    Fact(
        "cloud-administrator-attached",
        "iam.role.managedPolicies[]",
        matches(r"policy/(AdministratorAccess|IAMFullAccess|PowerUserAccess)\Z"),
    ),
    Fact("cloud-tracing-off", "tracing.{lambda,apiGateway}", is_false),
    Fact("cloud-customer-key", "{kmsKeyArn,awsKmsKeyArn}", is_empty),
    Fact("cloud-bucket-cors", "httpApi.cors.allowedOrigins[]", equals("*")),
)
TABLE.add(
    "serverless.function",
    Fact("cloud-public-function", "url", is_true),
    Fact("cloud-bucket-cors", "events.http.cors.{origin,origins}[]", equals("*")),
    Fact("cloud-no-authorization", "events.http.authorizer", one_of("NONE")),
)
