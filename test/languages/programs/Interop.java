import io.github.cdk8sopenfunction.ContainerResources;
import io.github.cdk8sopenfunction.CpuResources;
import io.github.cdk8sopenfunction.DaprComponent;
import io.github.cdk8sopenfunction.DaprProxyProps;
import io.github.cdk8sopenfunction.FunctionInput;
import io.github.cdk8sopenfunction.OpenFunctionApp;
import io.github.cdk8sopenfunction.SecretKey;
import io.github.cdk8sopenfunction.SizeResources;
import java.util.List;
import java.util.Map;
import org.cdk8s.ApiObject;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.JsonPatch;
import org.cdk8s.Size;
import org.cdk8s.plus28.ConfigMap;
import org.cdk8s.plus28.ContainerProps;
import org.cdk8s.plus28.Cpu;
import org.cdk8s.plus28.Deployment;
import org.cdk8s.plus28.EnvFieldPaths;
import org.cdk8s.plus28.EnvValue;
import org.cdk8s.plus28.EnvValueFromConfigMapOptions;
import org.cdk8s.plus28.EnvValueFromResourceOptions;
import org.cdk8s.plus28.ISecret;
import org.cdk8s.plus28.NetworkPolicy;
import org.cdk8s.plus28.NetworkPolicyIpBlock;
import org.cdk8s.plus28.NetworkPolicyPort;
import org.cdk8s.plus28.NetworkPolicyRule;
import org.cdk8s.plus28.NetworkPolicyTraffic;
import org.cdk8s.plus28.NetworkPolicyTrafficDefault;
import org.cdk8s.plus28.Pods;
import org.cdk8s.plus28.PodsSelectOptions;
import org.cdk8s.plus28.ResourceFieldPaths;
import org.cdk8s.plus28.Secret;
import org.cdk8s.plus28.SecretValue;
import org.cdk8s.plus28.Service;
import org.cdk8s.plus28.ServiceAccount;
import org.cdk8s.plus28.ServicePort;
import org.cdk8s.plus28.k8s.Container;
import org.cdk8s.plus28.k8s.ContainerPort;
import org.cdk8s.plus28.k8s.EmptyDirVolumeSource;
import org.cdk8s.plus28.k8s.HttpGetAction;
import org.cdk8s.plus28.k8s.IntOrString;
import org.cdk8s.plus28.k8s.PodSpec;
import org.cdk8s.plus28.k8s.Probe;
import org.cdk8s.plus28.k8s.Quantity;
import org.cdk8s.plus28.k8s.ResourceRequirements;
import org.cdk8s.plus28.k8s.TcpSocketAction;
import org.cdk8s.plus28.k8s.Volume;
import org.cdk8s.plus28.k8s.VolumeMount;

/** The program of test/interop in Java. */
public class Interop {
    static final PodSpec POD = PodSpec.builder()
        .nodeSelector(Map.of("disk", "ssd"))
        .dnsPolicy("ClusterFirst")
        .containers(List.of(
            Container.builder()
                .name("function")
                .imagePullPolicy("Always")
                .ports(List.of(ContainerPort.builder().name("http1").containerPort(8080).build()))
                .volumeMounts(List.of(VolumeMount.builder().name("scratch").mountPath("/scratch").mountPropagation("None").build()))
                .resources(ResourceRequirements.builder().limits(Map.of("example.com/gpu", Quantity.fromNumber(1))).build())
                .livenessProbe(Probe.builder().httpGet(HttpGetAction.builder().path("/live").port(IntOrString.fromNumber(8080)).build()).build())
                .startupProbe(Probe.builder().tcpSocket(TcpSocketAction.builder().port(IntOrString.fromString("http1")).build()).build())
                .build(),
            Container.builder()
                .name("logs")
                .image("acme/logs:1")
                .resources(ResourceRequirements.builder().requests(Map.of("memory", Quantity.fromString("32Mi"))).build())
                .build()))
        .volumes(List.of(Volume.builder()
            .name("scratch")
            .emptyDir(EmptyDirVolumeSource.builder().sizeLimit(Quantity.fromString("1Gi")).build())
            .build()))
        .build();

    static final ContainerResources RESOURCES = ContainerResources.builder()
        .cpu(CpuResources.builder().request(Cpu.millis(100)).limit(Cpu.units(1)).build())
        .memory(SizeResources.builder().request(Size.mebibytes(128)).limit(Size.mebibytes(256)).build())
        .ephemeralStorage(SizeResources.builder().limit(Size.gibibytes(2)).build())
        .build();

    public static void main(final String[] args) {
        App app = new App();
        Chart shop = Chart.Builder.create(app, "shop").namespace("shop").build();
        ISecret login = Secret.fromSecretName(shop, "login", "orders-login");
        ConfigMap settings = ConfigMap.Builder.create(shop, "settings")
            .metadata(ApiObjectMetadata.builder().name("orders-settings").build())
            .data(Map.of("currency", "EUR"))
            .build();
        OpenFunctionApp orders = OpenFunctionApp.Builder.create(shop, "orders")
            .image("acme/orders:1")
            .imagePullSecret(login)
            .serviceAccount(ServiceAccount.Builder.create(shop, "account").metadata(ApiObjectMetadata.builder().name("orders").build()).build())
            .pod(POD)
            .resources(RESOURCES)
            .envFromSecrets(List.of(login))
            .envFromConfigMaps(List.of(settings))
            .secretEnv(Map.of("PASSWORD", SecretKey.builder().secret(login).key("token").build()))
            .envVariables(Map.of(
                "TOKEN", EnvValue.fromSecretValue(SecretValue.builder().secret(login).key("token").build()),
                "CURRENCY", EnvValue.fromConfigMap(settings, "currency", EnvValueFromConfigMapOptions.builder().optional(true).build()),
                "ADDRESS", EnvValue.fromFieldRef(EnvFieldPaths.POD_IP),
                "MEMORY", EnvValue.fromResource(ResourceFieldPaths.MEMORY_LIMIT, EnvValueFromResourceOptions.builder().divisor("1Mi").build())))
            .build();
        orders.addEnvVariable("REGION", EnvValue.fromValue("eu"));

        DaprComponent events = DaprComponent.Builder.create(shop, "events")
            .componentType("pubsub.kafka")
            .metadata(Map.of("brokers", "kafka:9092", "authType", "password", "saslUsername", "shop"))
            .secrets(Map.of("saslPassword", SecretKey.builder().secret(login).key("token").build()))
            .build();
        OpenFunctionApp invoices = OpenFunctionApp.Builder.create(shop, "invoices")
            .image("acme/invoices:1")
            .inputs(List.of(FunctionInput.fromTopic(events, "placed")))
            .proxy(DaprProxyProps.builder()
                .imagePullSecrets(List.of(login))
                .apiToken(login)
                .appToken(Secret.fromSecretName(shop, "app-token", "app-token"))
                .serviceAccount(ServiceAccount.fromServiceAccountName(shop, "broker", "broker"))
                .build())
            .build();

        NetworkPolicy byLabels = NetworkPolicy.Builder.create(shop, "by-labels")
            .selector(Pods.select(shop, "orders-pods", PodsSelectOptions.builder().labels(orders.getPodLabels()).build()))
            .ingress(NetworkPolicyTraffic.builder().defaultValue(NetworkPolicyTrafficDefault.DENY).build())
            .build();
        byLabels.addIngressRule(NetworkPolicyIpBlock.ipv4(shop, "nodes", "10.0.0.0/8"), List.of(NetworkPolicyPort.tcp(8080)));
        Pods proxies = Pods.select(shop, "invoices-proxies", PodsSelectOptions.builder().labels(invoices.getProxyPods().getPodLabels()).build());
        Service.Builder.create(shop, "admin")
            .metadata(ApiObjectMetadata.builder().name("admin").build())
            .selector(proxies)
            .ports(List.of(ServicePort.builder().port(18081).build()))
            .build();

        wire(Chart.Builder.create(app, "wired").namespace("shop").build(), orders, invoices);
        app.synth();
    }

    static void wire(final Chart wired, final OpenFunctionApp orders, final OpenFunctionApp invoices) {
        NetworkPolicy.Builder.create(wired, "guard")
            .selector(orders)
            .ingress(NetworkPolicyTraffic.builder()
                .defaultValue(NetworkPolicyTrafficDefault.DENY)
                .rules(List.of(NetworkPolicyRule.builder().peer(invoices.getProxyPods()).ports(List.of(NetworkPolicyPort.tcp(8080))).build()))
                .build())
            .build();
        NetworkPolicy.Builder.create(wired, "brokers").selector(invoices.getProxyPods()).build().addEgressRule(orders);
        Deployment shell = Deployment.Builder.create(wired, "shell")
            .metadata(ApiObjectMetadata.builder().name("shell").build())
            .containers(List.of(ContainerProps.builder()
                .image("acme/shell:1")
                .resources(org.cdk8s.plus28.ContainerResources.builder().build())
                .build()))
            .build();
        // What later versions say by themselves.
        ApiObject.of(shell).addJsonPatch(
            JsonPatch.add("/spec/revisionHistoryLimit", 10), JsonPatch.add("/spec/template/spec/shareProcessNamespace", false));
        shell.getConnections().allowTo(orders);
        shell.getConnections().allowTo(invoices.getProxyPods());
        shell.getConnections().allowFrom(invoices);
        shell.getScheduling().colocate(invoices);
        Service.Builder.create(wired, "metrics")
            .metadata(ApiObjectMetadata.builder().name("metrics").build())
            .selector(invoices)
            .ports(List.of(ServicePort.builder().port(9100).build()))
            .build();
    }
}
