# The program of test/interop in Python, with the version of cdk8s-plus that is named as its argument.
import sys
from importlib import import_module

from cdk8s import ApiObject, App, Chart, JsonPatch, Size
from cdk8s_openfunction import (
    ContainerResources, CpuResources, DaprComponent, DaprProxyProps, FunctionInput, OpenFunctionApp, SecretKey, SizeResources,
)

kplus = import_module(f'cdk8s_plus_{sys.argv[1]}')
k8s = import_module(f'cdk8s_plus_{sys.argv[1]}.k8s')

app = App()
shop = Chart(app, 'shop', namespace='shop')

pod = k8s.PodSpec(
    node_selector={'disk': 'ssd'},
    dns_policy='ClusterFirst',
    containers=[
        k8s.Container(
            name='function',
            image_pull_policy='Always',
            ports=[k8s.ContainerPort(name='http1', container_port=8080)],
            volume_mounts=[k8s.VolumeMount(name='scratch', mount_path='/scratch', mount_propagation='None')],
            resources=k8s.ResourceRequirements(limits={'example.com/gpu': k8s.Quantity.from_number(1)}),
            liveness_probe=k8s.Probe(http_get=k8s.HttpGetAction(path='/live', port=k8s.IntOrString.from_number(8080))),
            startup_probe=k8s.Probe(tcp_socket=k8s.TcpSocketAction(port=k8s.IntOrString.from_string('http1'))),
        ),
        k8s.Container(
            name='logs',
            image='acme/logs:1',
            resources=k8s.ResourceRequirements(requests={'memory': k8s.Quantity.from_string('32Mi')}),
        ),
    ],
    volumes=[k8s.Volume(name='scratch', empty_dir=k8s.EmptyDirVolumeSource(size_limit=k8s.Quantity.from_string('1Gi')))],
)
login = kplus.Secret.from_secret_name(shop, 'login', 'orders-login')
settings = kplus.ConfigMap(shop, 'settings', metadata={'name': 'orders-settings'}, data={'currency': 'EUR'})
orders = OpenFunctionApp(
    shop, 'orders',
    image='acme/orders:1',
    image_pull_secret=login,
    service_account=kplus.ServiceAccount(shop, 'account', metadata={'name': 'orders'}),
    pod=pod,
    resources=ContainerResources(
        cpu=CpuResources(request=kplus.Cpu.millis(100), limit=kplus.Cpu.units(1)),
        memory=SizeResources(request=Size.mebibytes(128), limit=Size.mebibytes(256)),
        ephemeral_storage=SizeResources(limit=Size.gibibytes(2)),
    ),
    env_from_secrets=[login],
    env_from_config_maps=[settings],
    secret_env={'PASSWORD': SecretKey(secret=login, key='token')},
    env_variables={
        'TOKEN': kplus.EnvValue.from_secret_value(kplus.SecretValue(secret=login, key='token')),
        'CURRENCY': kplus.EnvValue.from_config_map(settings, 'currency', optional=True),
        'ADDRESS': kplus.EnvValue.from_field_ref(kplus.EnvFieldPaths.POD_IP),
        'MEMORY': kplus.EnvValue.from_resource(kplus.ResourceFieldPaths.MEMORY_LIMIT, divisor='1Mi'),
    },
)
orders.add_env_variable('REGION', kplus.EnvValue.from_value('eu'))

events = DaprComponent(
    shop, 'events',
    component_type='pubsub.kafka',
    metadata={'brokers': 'kafka:9092', 'authType': 'password', 'saslUsername': 'shop'},
    secrets={'saslPassword': SecretKey(secret=login, key='token')},
)
invoices = OpenFunctionApp(
    shop, 'invoices',
    image='acme/invoices:1',
    inputs=[FunctionInput.from_topic(events, 'placed')],
    proxy=DaprProxyProps(
        image_pull_secrets=[login],
        api_token=login,
        app_token=kplus.Secret.from_secret_name(shop, 'app-token', 'app-token'),
        service_account=kplus.ServiceAccount.from_service_account_name(shop, 'broker', 'broker'),
    ),
)

by_labels = kplus.NetworkPolicy(
    shop, 'by-labels',
    selector=kplus.Pods.select(shop, 'orders-pods', labels=orders.pod_labels),
    ingress=kplus.NetworkPolicyTraffic(default=kplus.NetworkPolicyTrafficDefault.DENY),
)
by_labels.add_ingress_rule(kplus.NetworkPolicyIpBlock.ipv4(shop, 'nodes', '10.0.0.0/8'), [kplus.NetworkPolicyPort.tcp(8080)])
proxies = kplus.Pods.select(shop, 'invoices-proxies', labels=invoices.proxy_pods.pod_labels)
kplus.Service(shop, 'admin', metadata={'name': 'admin'}, selector=proxies, ports=[kplus.ServicePort(port=18081)])

wired = Chart(app, 'wired', namespace='shop')
guard = kplus.NetworkPolicy(
    wired, 'guard', selector=orders, ingress=kplus.NetworkPolicyTraffic(default=kplus.NetworkPolicyTrafficDefault.DENY),
)
guard.add_ingress_rule(invoices.proxy_pods, [kplus.NetworkPolicyPort.tcp(8080)])
brokers = kplus.NetworkPolicy(wired, 'brokers', selector=invoices.proxy_pods)
brokers.add_egress_rule(orders)
shell = kplus.Deployment(
    wired, 'shell',
    metadata={'name': 'shell'},
    containers=[kplus.ContainerProps(image='acme/shell:1', resources=kplus.ContainerResources())],
)
# What later versions say by themselves.
ApiObject.of(shell).add_json_patch(
    JsonPatch.add('/spec/revisionHistoryLimit', 10), JsonPatch.add('/spec/template/spec/shareProcessNamespace', False),
)
shell.connections.allow_to(orders)
shell.connections.allow_to(invoices.proxy_pods)
shell.connections.allow_from(invoices)
shell.scheduling.colocate(invoices)
kplus.Service(wired, 'metrics', metadata={'name': 'metrics'}, selector=invoices, ports=[kplus.ServicePort(port=9100)])

app.synth()
