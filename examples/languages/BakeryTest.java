import io.github.cdk8sopenfunction.EventDelivery;
import io.github.cdk8sopenfunction.EventOutcome;
import io.github.cdk8sopenfunction.EventSimulation;
import io.github.cdk8sopenfunction.Manifests;
import io.github.cdk8sopenfunction.Match;
import java.util.List;
import java.util.Map;
import org.cdk8s.Testing;

/** Tests of the chart in Java, without a test framework: an assertion that fails throws. */
public class BakeryTest {
    public static void main(final String[] args) {
        Bakery bakery = new Bakery(Testing.app(), "bakery");
        Manifests manifests = Manifests.of(bakery);

        // Every function with a sidecar or a proxy has its configuration.
        manifests.hasObject("Service.serving.knative.dev", Map.of(
            "metadata", Map.of("name", "audit"),
            "spec", Map.of("template", Map.of("metadata", Map.of("annotations", Map.of("dapr.io/enabled", "true"))))));
        Match context = Match.json(Map.of("outputs", Map.of("placed", Match.objectLike(Map.of("operation", "create")))));
        Map<String, Object> container = Map.of("env", Match.listWith(List.of(Map.of("name", "FUNC_CONTEXT", "value", context))));
        manifests.hasObject("Service.serving.knative.dev", Map.of(
            "metadata", Map.of("name", "orders"),
            "spec", Map.of("template", Map.of("spec", Map.of("containers", List.of(container))))));
        manifests.countIs("ScaledObject", 1);
        manifests.hasNoObject("Component", Map.of("scopes", Match.absent()));

        // A failure shows the nearest object.
        check(failureOf(() -> manifests.hasObject("Deployment", Map.of(
            "metadata", Map.of("name", "orders-dapr-proxy"), "spec", Map.of("replica", 2))))
            .contains("spec.replica: is not there, expected 2; did you mean \"replicas\"?"));

        // An order reaches the invoices.
        List<EventDelivery> deliveries = EventSimulation.of(bakery).publish("events", "orders", Map.of("type", "placed"));
        check(deliveries.size() == 1);
        check(deliveries.get(0).getFunctionName().equals("invoices"));
        check(deliveries.get(0).getOutcome() == EventOutcome.DELIVERED);
        check("orders-failed".equals(deliveries.get(0).getDeadLetterTopic()));
    }

    private static String failureOf(final Runnable assertion) {
        try {
            assertion.run();
        } catch (RuntimeException error) {
            return error.getMessage();
        }
        throw new AssertionError("nothing failed");
    }

    private static void check(final boolean holds) {
        if (!holds) {
            throw new AssertionError("an expectation does not hold");
        }
    }
}
