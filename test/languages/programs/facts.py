from cdk8s import App, Chart
from cdk8s_openfunction import (
    DaprComponent, FunctionOutput, OpenFunctionApp, OpenFunctionManifests, PlatformSettings,
    ProblemFindings,
)


PREFIX = "ProblemsError: "  # which the runtime puts before what a method throws, not before what a constructor throws


def named(thing):
    return "none" if thing is None else f"{thing.kind} {thing.name}"


def say(fact, *values):
    print(f"{fact}: {', '.join(values)}")


def refusal(attempt):
    try:
        attempt()
    except RuntimeError as error:
        return str(error).removeprefix(PREFIX)
    return "accepted"


def findings(attempt):
    try:
        attempt()
    except RuntimeError as error:
        return [
            f"{one.severity.name} in {one.where} at {one.path} "
            f"({one.file or 'no file'} {one.line or 0:.0f} {one.column or 0:.0f}): {one.message}"
            for one in ProblemFindings.of(str(error))
        ]
    return ["accepted"]


app = App()
shop = Chart(app, "shop", namespace="shop")
queue = DaprComponent(shop, "queue", component_type="bindings.kafka", metadata={"brokers": "kafka:9092", "authType": "none", "publishTopic": "orders"})
orders = OpenFunctionApp(shop, "orders", image="acme/orders:1", outputs=[FunctionOutput.to_binding(queue, operation="create")])
folder = OpenFunctionManifests(shop, "folder", paths=["functions"])
greeter = OpenFunctionApp.from_yaml_file(shop, "greeter", "functions/greeter.yaml", namespace="greetings")
PlatformSettings.of(app).set(cluster_domain="cluster.example")

say("mode", orders.dapr_mode.name)
say("app-id", orders.dapr_app_id)
say("url", orders.internal_url)
say("workload", named(orders.workload))
say("proxy", named(orders.proxy))
say("service", named(orders.service))
say("objects", *map(named, orders.objects))
say("scopes", *queue.scopes)
say("folder", *(function.function_name for function in folder.functions), *map(named, folder.others))
say("components", *map(named, greeter.components))
report = orders.report
say("reason", report.dapr_reason)
say("reported", *(f"{one.api_version} {one.kind} {one.namespace}/{one.name}" for one in report.objects))
say("apis", *report.required_apis)
say("prerequisites", *report.prerequisites)
say("sidecars", report.sidecars)
say("warnings", str(len(report.warnings)))
say("settings", refusal(lambda: PlatformSettings.of(shop).set(cluster_domain="no domain")))

other = App()
twins = Chart(other, "twins", namespace="shop")
for id in ["one", "two"]:
    OpenFunctionApp(twins, id, name="same", image="acme/same:1")
say("synthesis", *findings(lambda: other.synth()))
say("another error", *findings(lambda: Chart(other, "twins")))

OpenFunctionApp.from_yaml_file(shop, "wrong", "wrong.yaml")
OpenFunctionApp.from_manifest(shop, "list", {"kind": "List"})
OpenFunctionApp(shop, "Bad", image="", port=70000)
app.synth()
