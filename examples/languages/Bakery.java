import io.github.cdk8sopenfunction.BindingOutputOptions;
import io.github.cdk8sopenfunction.ContainerResources;
import io.github.cdk8sopenfunction.DaprComponent;
import io.github.cdk8sopenfunction.DaprMode;
import io.github.cdk8sopenfunction.DaprProxyImage;
import io.github.cdk8sopenfunction.DaprProxyProps;
import io.github.cdk8sopenfunction.ExistingDaprComponent;
import io.github.cdk8sopenfunction.FunctionInput;
import io.github.cdk8sopenfunction.FunctionOutput;
import io.github.cdk8sopenfunction.FunctionScaling;
import io.github.cdk8sopenfunction.HttpRouteOptions;
import io.github.cdk8sopenfunction.HttpTrigger;
import io.github.cdk8sopenfunction.IDaprComponent;
import io.github.cdk8sopenfunction.InlineProxyImageOptions;
import io.github.cdk8sopenfunction.OpenFunctionApp;
import io.github.cdk8sopenfunction.PendingEventsScaling;
import io.github.cdk8sopenfunction.PlatformGateway;
import io.github.cdk8sopenfunction.PlatformSettings;
import io.github.cdk8sopenfunction.PlatformSettingsProps;
import io.github.cdk8sopenfunction.SecretKey;
import io.github.cdk8sopenfunction.SizeResources;
import io.github.cdk8sopenfunction.TimeLimit;
import io.github.cdk8sopenfunction.TopicInputOptions;
import java.util.List;
import java.util.Map;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;
import org.cdk8s.JsonPatch;
import org.cdk8s.Size;
import org.cdk8s.plus28.ConfigMap;
import org.cdk8s.plus28.Secret;
import software.constructs.Construct;

/** The chart of main.ts in Java. */
public class Bakery extends Chart {
    public Bakery(final Construct scope, final String id) {
        super(scope, id, ChartProps.builder().namespace("bakery").build());

        // What the platform team decides. Without a proxy image of its own, the proxy runs inline, from a ConfigMap.
        PlatformSettings.of(this).set(PlatformSettingsProps.builder()
            .clusterDomain("cluster.acme.example")
            .gateway(PlatformGateway.builder().name("public").namespace("gateways").domain("apps.acme.example").build())
            .proxyImage(DaprProxyImage.inline(InlineProxyImageOptions.builder().nodeImage("registry.acme.example/node:22-alpine").build()))
            .proxy(DaprProxyProps.builder()
                .holdTimeout(TimeLimit.of(Duration.seconds(30)))
                .sidecarResources(ContainerResources.builder()
                    .memory(SizeResources.builder().limit(Size.mebibytes(128)).build()).build())
                .build())
            .build());

        // The smallest function, and one that publishes through the shared proxy.
        OpenFunctionApp.Builder.create(this, "hello").image("acme/hello:1.4.0").build();
        DaprComponent kafka = DaprComponent.Builder.create(this, "kafka")
            .componentType("bindings.kafka")
            .metadata(Map.of(
                "brokers", "kafka:9092",
                "authType", "password",
                "saslUsername", "bakery",
                "publishTopic", "orders",
                "maxMessageBytes", 1024))
            .secrets(Map.of("saslPassword", SecretKey.builder()
                .secret(Secret.fromSecretName(this, "kafka-login", "kafka-login"))
                .key("password")
                .build()))
            .build();
        OpenFunctionApp orders = OpenFunctionApp.Builder.create(this, "orders")
            .image("acme/orders:2.0.1")
            .port(9000)
            .http(HttpTrigger.builder().route(HttpRouteOptions.builder().hostnames(List.of("orders.acme.example")).build()).build())
            .outputs(List.of(FunctionOutput.toBinding(kafka, BindingOutputOptions.builder().name("placed").operation("create").build())))
            .scaling(FunctionScaling.builder().minReplicas(0).maxReplicas(20).build())
            .build();

        // A sidecar in every pod, and a pod as Kubernetes writes it.
        OpenFunctionApp.Builder.create(this, "audit")
            .image("acme/audit:1.0.0")
            .outputs(List.of(FunctionOutput.toBinding(kafka,
                BindingOutputOptions.builder().name("log").operation("create").build())))
            .dapr(DaprMode.SIDECAR)
            .pod(Map.of("containers", List.of(Map.of("name", "function", "resources", Map.of("limits", Map.of("memory", "256Mi"))))))
            .build();

        // Woken by its own pending events.
        IDaprComponent events = DaprComponent.fromComponentName(this, "events",
            ExistingDaprComponent.builder().componentName("events").componentType("pubsub.kafka").build());
        OpenFunctionApp.Builder.create(this, "invoices")
            .image("acme/invoices:3.2.0")
            .inputs(List.of(FunctionInput.fromTopic(events, "orders", TopicInputOptions.builder().deadLetterTopic("orders-failed").build())))
            .scaling(FunctionScaling.builder()
                .minReplicas(0)
                .maxReplicas(50)
                .build())
            .pendingEvents(PendingEventsScaling.builder().targetPerReplica(20).build())
            .env(Map.of("CURRENCY", "EUR"))
            .build();

        // A manifest as it is.
        OpenFunctionApp.fromManifest(this, "greeter", Map.of(
            "apiVersion", "core.openfunction.io/v1beta2",
            "kind", "Function",
            "metadata", Map.of("name", "greeter"),
            "spec", Map.of("image", "acme/greeter:1.0.0", "serving", Map.of("triggers", Map.of("http", Map.of("port", 8081))))));

        // Other objects use what a function offers, and everything can be patched.
        ConfigMap.Builder.create(this, "links")
            .metadata(ApiObjectMetadata.builder().name("links").build())
            .data(Map.of("appId", orders.getDaprAppId(), "orders", orders.getInternalUrl()))
            .build();
        orders.getWorkload().addJsonPatch(JsonPatch.add("/spec/template/metadata/annotations/team", "checkout"));
    }

    public static void main(final String[] args) {
        App app = new App();
        new Bakery(app, "bakery");
        app.synth();
    }
}
