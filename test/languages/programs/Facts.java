import io.github.cdk8sopenfunction.BindingOutputOptions;
import io.github.cdk8sopenfunction.DaprComponent;
import io.github.cdk8sopenfunction.FunctionOutput;
import io.github.cdk8sopenfunction.FunctionReport;
import io.github.cdk8sopenfunction.ManifestOptions;
import io.github.cdk8sopenfunction.OpenFunctionApp;
import io.github.cdk8sopenfunction.OpenFunctionManifests;
import io.github.cdk8sopenfunction.PlatformSettings;
import io.github.cdk8sopenfunction.PlatformSettingsProps;
import io.github.cdk8sopenfunction.ProblemFinding;
import io.github.cdk8sopenfunction.ProblemFindings;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cdk8s.ApiObject;
import org.cdk8s.App;
import org.cdk8s.Chart;

public class Facts {
    static String named(final ApiObject object) {
        return object == null ? "none" : object.getKind() + " " + object.getName();
    }

    static void say(final String fact, final Stream<String> values) {
        System.out.print(fact + ": " + values.collect(Collectors.joining(", ")) + "\n");
    }

    static void say(final String fact, final String value) {
        say(fact, Stream.of(value));
    }

    /** The message; the runtime puts the class before it and the stack of JavaScript behind it. */
    static String refusal(final Runnable attempt) {
        try {
            attempt.run();
        } catch (RuntimeException error) {
            return error.getMessage().replaceFirst("^ProblemsError: ", "").split("\n@jsii/kernel")[0];
        }
        return "accepted";
    }

    static Stream<String> findings(final Runnable attempt) {
        try {
            attempt.run();
        } catch (RuntimeException error) {
            return ProblemFindings.of(error.getMessage()).stream().map(Facts::told);
        }
        return Stream.of("accepted");
    }

    static String told(final ProblemFinding one) {
        String file = one.getFile() == null ? "no file" : one.getFile();
        return String.format("%s in %s at %s (%s %d %d): %s", one.getSeverity(), one.getWhere(), one.getPath(), file, number(one.getLine()), number(one.getColumn()), one.getMessage());
    }

    static int number(final Number value) {
        return value == null ? 0 : value.intValue();
    }

    public static void main(final String[] args) {
        App app = new App();
        Chart shop = Chart.Builder.create(app, "shop").namespace("shop").build();
        DaprComponent queue = DaprComponent.Builder.create(shop, "queue").componentType("bindings.kafka").metadata(Map.of("brokers", "kafka:9092", "authType", "none", "publishTopic", "orders")).build();
        OpenFunctionApp orders = OpenFunctionApp.Builder.create(shop, "orders")
            .image("acme/orders:1")
            .outputs(List.of(FunctionOutput.toBinding(queue, BindingOutputOptions.builder().operation("create").build())))
            .build();
        OpenFunctionManifests folder = OpenFunctionManifests.Builder.create(shop, "folder").paths(List.of("functions")).build();
        OpenFunctionApp greeter = OpenFunctionApp.fromYamlFile(shop, "greeter", "functions/greeter.yaml", ManifestOptions.builder().namespace("greetings").build());
        PlatformSettings.of(app).set(PlatformSettingsProps.builder().clusterDomain("cluster.example").build());

        say("mode", orders.getDaprMode().name());
        say("app-id", orders.getDaprAppId());
        say("url", orders.getInternalUrl());
        say("workload", named(orders.getWorkload()));
        say("proxy", named(orders.getProxy()));
        say("service", named(orders.getService()));
        say("objects", orders.getObjects().stream().map(Facts::named));
        say("scopes", queue.getScopes().stream());
        say("folder", Stream.concat(folder.getFunctions().stream().map(OpenFunctionApp::getFunctionName), folder.getOthers().stream().map(Facts::named)));
        say("components", greeter.getComponents().stream().map(Facts::named));
        FunctionReport report = orders.getReport();
        say("reason", report.getDaprReason());
        say("reported", report.getObjects().stream().map(one -> one.getApiVersion() + " " + one.getKind() + " " + one.getNamespace() + "/" + one.getName()));
        say("apis", report.getRequiredApis().stream());
        say("prerequisites", report.getPrerequisites().stream());
        say("sidecars", report.getSidecars());
        say("warnings", String.valueOf(report.getWarnings().size()));
        say("settings", refusal(() -> PlatformSettings.of(shop).set(PlatformSettingsProps.builder().clusterDomain("no domain").build())));

        App other = new App();
        Chart twins = Chart.Builder.create(other, "twins").namespace("shop").build();
        for (String id : List.of("one", "two")) {
            OpenFunctionApp.Builder.create(twins, id).name("same").image("acme/same:1").build();
        }
        say("synthesis", findings(other::synth));
        say("another error", findings(() -> new Chart(other, "twins")));

        OpenFunctionApp.fromYamlFile(shop, "wrong", "wrong.yaml");
        OpenFunctionApp.fromManifest(shop, "list", Map.of("kind", "List"));
        OpenFunctionApp.Builder.create(shop, "Bad").image("").port(70000).build();
        app.synth();
    }
}
