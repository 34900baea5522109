"""The chart of main.ts in Python."""
from cdk8s import App, Chart, Duration, JsonPatch, Size
from cdk8s_plus_28 import ConfigMap, Secret
from constructs import Construct
from cdk8s_openfunction import (
    ContainerResources, DaprComponent, DaprMode, DaprProxyImage, DaprProxyProps, FunctionInput, FunctionOutput,
    FunctionScaling, HttpRouteOptions, HttpTrigger, OpenFunctionApp, PendingEventsScaling, PlatformGateway, PlatformSettings, SecretKey,
    SizeResources, TimeLimit,
)


class Bakery(Chart):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id, namespace="bakery")

        # What the platform team decides. Without a proxy image of its own, the proxy runs inline, from a ConfigMap.
        PlatformSettings.of(self).set(
            cluster_domain="cluster.acme.example",
            gateway=PlatformGateway(name="public", namespace="gateways", domain="apps.acme.example"),
            proxy_image=DaprProxyImage.inline(node_image="registry.acme.example/node:22-alpine"),
            proxy=DaprProxyProps(hold_timeout=TimeLimit.of(Duration.seconds(30)), sidecar_resources=ContainerResources(memory=SizeResources(limit=Size.mebibytes(128)))),
        )

        # The smallest function, and one that publishes through the shared proxy.
        OpenFunctionApp(self, "hello", image="acme/hello:1.4.0")
        kafka = DaprComponent(
            self, "kafka",
            component_type="bindings.kafka",
            metadata={"authType": "password", "brokers": "kafka:9092", "maxMessageBytes": 1024, "publishTopic": "orders", "saslUsername": "bakery"},
            secrets={"saslPassword": SecretKey(secret=Secret.from_secret_name(self, "kafka-login", "kafka-login"), key="password")},
        )
        orders = OpenFunctionApp(
            self, "orders",
            image="acme/orders:2.0.1",
            port=9000,
            http=HttpTrigger(route=HttpRouteOptions(hostnames=["orders.acme.example"])),
            outputs=[FunctionOutput.to_binding(kafka, name="placed", operation="create")],
            scaling=FunctionScaling(min_replicas=0, max_replicas=20),
        )

        # A sidecar in every pod, and a pod as Kubernetes writes it.
        OpenFunctionApp(
            self, "audit",
            image="acme/audit:1.0.0",
            outputs=[FunctionOutput.to_binding(kafka, name="log", operation="create")],
            dapr=DaprMode.SIDECAR,
            pod={"containers": [{"name": "function", "resources": {"limits": {"memory": "256Mi"}}}]},
        )

        # Woken by its own pending events.
        events = DaprComponent.from_component_name(self, "events", component_name="events", component_type="pubsub.kafka")
        OpenFunctionApp(
            self, "invoices",
            image="acme/invoices:3.2.0",
            inputs=[FunctionInput.from_topic(events, "orders", dead_letter_topic="orders-failed")],
            scaling=FunctionScaling(min_replicas=0, max_replicas=50),
            pending_events=PendingEventsScaling(target_per_replica=20),
            env={"CURRENCY": "EUR"},
        )

        # A manifest as it is.
        OpenFunctionApp.from_manifest(self, "greeter", {
            "apiVersion": "core.openfunction.io/v1beta2",
            "kind": "Function",
            "metadata": {"name": "greeter"},
            "spec": {"image": "acme/greeter:1.0.0", "serving": {"triggers": {"http": {"port": 8081}}}},
        })

        # Other objects use what a function offers, and everything can be patched.
        ConfigMap(self, "links", metadata={"name": "links"}, data={"appId": orders.dapr_app_id, "orders": orders.internal_url})
        orders.workload.add_json_patch(JsonPatch.add("/spec/template/metadata/annotations/team", "checkout"))


if __name__ == "__main__":
    app = App()
    Bakery(app, "bakery")
    app.synth()
