"""Tests of the chart in Python: python -m unittest test_main"""
import unittest

from cdk8s import Testing
from cdk8s_openfunction import EventOutcome, EventSimulation, Manifests, Match

from main import Bakery


class BakeryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.bakery = Bakery(Testing.app(), "bakery")
        cls.manifests = Manifests.of(cls.bakery)

    def test_every_function_with_a_sidecar_or_a_proxy_has_its_configuration(self) -> None:
        self.manifests.has_object("Service.serving.knative.dev", {
            "metadata": {"name": "audit"},
            "spec": {"template": {"metadata": {"annotations": {"dapr.io/enabled": "true"}}}},
        })
        context = Match.json({"outputs": {"placed": Match.object_like({"operation": "create"})}})
        container = {"env": Match.list_with([{"name": "FUNC_CONTEXT", "value": context}])}
        self.manifests.has_object("Service.serving.knative.dev", {
            "metadata": {"name": "orders"}, "spec": {"template": {"spec": {"containers": [container]}}},
        })
        self.manifests.count_is("ScaledObject", 1)
        self.manifests.has_no_object("Component", {"scopes": Match.absent()})

    def test_a_failure_shows_the_nearest_object(self) -> None:
        with self.assertRaisesRegex(Exception, r"spec\.replica: is not there, expected 2; did you mean \"replicas\"\?"):
            self.manifests.has_object("Deployment", {"metadata": {"name": "orders-dapr-proxy"}, "spec": {"replica": 2}})

    def test_an_order_reaches_the_invoices(self) -> None:
        deliveries = EventSimulation.of(self.bakery).publish("events", "orders", {"type": "placed"})
        self.assertEqual([(each.function_name, each.outcome) for each in deliveries], [("invoices", EventOutcome.DELIVERED)])
        self.assertEqual(deliveries[0].dead_letter_topic, "orders-failed")


if __name__ == "__main__":
    unittest.main()
