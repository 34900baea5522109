// The program of test/interop in Go, as far as interfaces with names allow it.
package main

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	openfunction "github.com/cdk8s-openfunction/cdk8s-openfunction-go/cdk8sopenfunction"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	kplus "github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2/k8s"
)

func pod() *k8s.PodSpec {
	return &k8s.PodSpec{
		NodeSelector: &map[string]*string{"disk": jsii.String("ssd")},
		DnsPolicy:    jsii.String("ClusterFirst"),
		Containers: &[]*k8s.Container{
			{
				Name:            jsii.String("function"),
				ImagePullPolicy: jsii.String("Always"),
				Ports:           &[]*k8s.ContainerPort{{Name: jsii.String("http1"), ContainerPort: jsii.Number(8080)}},
				VolumeMounts: &[]*k8s.VolumeMount{
					{Name: jsii.String("scratch"), MountPath: jsii.String("/scratch"), MountPropagation: jsii.String("None")},
				},
				Resources: &k8s.ResourceRequirements{
					Limits: &map[string]k8s.Quantity{"example.com/gpu": k8s.Quantity_FromNumber(jsii.Number(1))},
				},
				LivenessProbe: &k8s.Probe{
					HttpGet: &k8s.HttpGetAction{Path: jsii.String("/live"), Port: k8s.IntOrString_FromNumber(jsii.Number(8080))},
				},
				StartupProbe: &k8s.Probe{
					TcpSocket: &k8s.TcpSocketAction{Port: k8s.IntOrString_FromString(jsii.String("http1"))},
				},
			},
			{
				Name:  jsii.String("logs"),
				Image: jsii.String("acme/logs:1"),
				Resources: &k8s.ResourceRequirements{
					Requests: &map[string]k8s.Quantity{"memory": k8s.Quantity_FromString(jsii.String("32Mi"))},
				},
			},
		},
		Volumes: &[]*k8s.Volume{
			{
				Name:     jsii.String("scratch"),
				EmptyDir: &k8s.EmptyDirVolumeSource{SizeLimit: k8s.Quantity_FromString(jsii.String("1Gi"))},
			},
		},
	}
}

func resources() *openfunction.ContainerResources {
	return &openfunction.ContainerResources{
		Cpu: &openfunction.CpuResources{Request: kplus.Cpu_Millis(jsii.Number(100)), Limit: kplus.Cpu_Units(jsii.Number(1))},
		Memory: &openfunction.SizeResources{
			Request: cdk8s.Size_Mebibytes(jsii.Number(128)),
			Limit:   cdk8s.Size_Mebibytes(jsii.Number(256)),
		},
		EphemeralStorage: &openfunction.SizeResources{Limit: cdk8s.Size_Gibibytes(jsii.Number(2))},
	}
}

func ordersOf(shop constructs.Construct, login kplus.ISecret) openfunction.OpenFunctionApp {
	settings := kplus.NewConfigMap(shop, jsii.String("settings"), &kplus.ConfigMapProps{
		Metadata: &cdk8s.ApiObjectMetadata{Name: jsii.String("orders-settings")},
		Data:     &map[string]*string{"currency": jsii.String("EUR")},
	})
	orders := openfunction.NewOpenFunctionApp(shop, jsii.String("orders"), &openfunction.OpenFunctionAppProps{
		Image:           jsii.String("acme/orders:1"),
		ImagePullSecret: login,
		ServiceAccount: kplus.NewServiceAccount(shop, jsii.String("account"), &kplus.ServiceAccountProps{
			Metadata: &cdk8s.ApiObjectMetadata{Name: jsii.String("orders")},
		}),
		Pod:               pod(),
		Resources:         resources(),
		EnvFromSecrets:    &[]kplus.ISecret{login},
		EnvFromConfigMaps: &[]kplus.IConfigMap{settings},
		SecretEnv:         &map[string]*openfunction.SecretKey{"PASSWORD": {Secret: login, Key: jsii.String("token")}},
		EnvVariables: &map[string]interface{}{
			"TOKEN":    kplus.EnvValue_FromSecretValue(&kplus.SecretValue{Secret: login, Key: jsii.String("token")}, nil),
			"CURRENCY": kplus.EnvValue_FromConfigMap(settings, jsii.String("currency"), &kplus.EnvValueFromConfigMapOptions{Optional: jsii.Bool(true)}),
			"ADDRESS":  kplus.EnvValue_FromFieldRef(kplus.EnvFieldPaths_POD_IP, nil),
			"MEMORY":   kplus.EnvValue_FromResource(kplus.ResourceFieldPaths_MEMORY_LIMIT, &kplus.EnvValueFromResourceOptions{Divisor: jsii.String("1Mi")}),
		},
	})
	orders.AddEnvVariable(jsii.String("REGION"), kplus.EnvValue_FromValue(jsii.String("eu")))
	return orders
}

func invoicesOf(shop constructs.Construct, login kplus.ISecret) openfunction.OpenFunctionApp {
	events := openfunction.NewDaprComponent(shop, jsii.String("events"), &openfunction.DaprComponentProps{
		ComponentType: jsii.String("pubsub.kafka"),
		Metadata:      &map[string]interface{}{"brokers": "kafka:9092", "authType": "password", "saslUsername": "shop"},
		Secrets:       &map[string]*openfunction.SecretKey{"saslPassword": {Secret: login, Key: jsii.String("token")}},
	})
	return openfunction.NewOpenFunctionApp(shop, jsii.String("invoices"), &openfunction.OpenFunctionAppProps{
		Image:  jsii.String("acme/invoices:1"),
		Inputs: &[]openfunction.FunctionInput{openfunction.FunctionInput_FromTopic(events, jsii.String("placed"), nil)},
		Proxy: &openfunction.DaprProxyProps{
			ImagePullSecrets: &[]kplus.ISecret{login},
			ApiToken:         login,
			AppToken:         kplus.Secret_FromSecretName(shop, jsii.String("app-token"), jsii.String("app-token")),
			ServiceAccount:   kplus.ServiceAccount_FromServiceAccountName(shop, jsii.String("broker"), jsii.String("broker"), nil),
		},
	})
}

func main() {
	app := cdk8s.NewApp(nil)
	shop := cdk8s.NewChart(app, jsii.String("shop"), &cdk8s.ChartProps{Namespace: jsii.String("shop")})
	login := kplus.Secret_FromSecretName(shop, jsii.String("login"), jsii.String("orders-login"))
	orders := ordersOf(shop, login)
	invoices := invoicesOf(shop, login)

	byLabels := kplus.NewNetworkPolicy(shop, jsii.String("by-labels"), &kplus.NetworkPolicyProps{
		Selector: kplus.Pods_Select(shop, jsii.String("orders-pods"), &kplus.PodsSelectOptions{Labels: orders.PodLabels()}),
		Ingress:  &kplus.NetworkPolicyTraffic{Default: kplus.NetworkPolicyTrafficDefault_DENY},
	})
	nodes := kplus.NetworkPolicyIpBlock_Ipv4(shop, jsii.String("nodes"), jsii.String("10.0.0.0/8"), nil)
	byLabels.AddIngressRule(nodes, &[]kplus.NetworkPolicyPort{kplus.NetworkPolicyPort_Tcp(jsii.Number(8080))})
	proxies := kplus.Pods_Select(shop, jsii.String("invoices-proxies"), &kplus.PodsSelectOptions{Labels: invoices.ProxyPods().PodLabels()})
	kplus.NewService(shop, jsii.String("admin"), &kplus.ServiceProps{
		Metadata: &cdk8s.ApiObjectMetadata{Name: jsii.String("admin")},
		Selector: proxies,
		Ports:    &[]*kplus.ServicePort{{Port: jsii.Number(18081)}},
	})

	wire(cdk8s.NewChart(app, jsii.String("wired"), &cdk8s.ChartProps{Namespace: jsii.String("shop")}), orders, invoices)
	app.Synth()
}

func wire(wired cdk8s.Chart, orders openfunction.OpenFunctionApp, invoices openfunction.OpenFunctionApp) {
	port := kplus.NetworkPolicyPort_Tcp(jsii.Number(8080))
	kplus.NewNetworkPolicy(wired, jsii.String("guard"), &kplus.NetworkPolicyProps{
		Selector: orders,
		Ingress: &kplus.NetworkPolicyTraffic{
			Default: kplus.NetworkPolicyTrafficDefault_DENY,
			Rules:   &[]*kplus.NetworkPolicyRule{{Peer: invoices.ProxyPods(), Ports: &[]kplus.NetworkPolicyPort{port}}},
		},
	})
	brokers := kplus.NewNetworkPolicy(wired, jsii.String("brokers"), &kplus.NetworkPolicyProps{Selector: invoices.ProxyPods()})
	brokers.AddEgressRule(orders, nil)
	shell := kplus.NewDeployment(wired, jsii.String("shell"), &kplus.DeploymentProps{
		Metadata:   &cdk8s.ApiObjectMetadata{Name: jsii.String("shell")},
		Containers: &[]*kplus.ContainerProps{{Image: jsii.String("acme/shell:1"), Resources: &kplus.ContainerResources{}}},
	})
	// What later versions say by themselves.
	cdk8s.ApiObject_Of(shell).AddJsonPatch(
		cdk8s.JsonPatch_Add(jsii.String("/spec/revisionHistoryLimit"), 10),
		cdk8s.JsonPatch_Add(jsii.String("/spec/template/spec/shareProcessNamespace"), false),
	)
	shell.Connections().AllowTo(orders, nil)
	shell.Connections().AllowTo(invoices.ProxyPods(), nil)
	shell.Connections().AllowFrom(invoices, nil)
	shell.Scheduling().Colocate(invoices, nil)
	kplus.NewService(wired, jsii.String("metrics"), &kplus.ServiceProps{
		Metadata: &cdk8s.ApiObjectMetadata{Name: jsii.String("metrics")},
		Selector: invoices,
		Ports:    &[]*kplus.ServicePort{{Port: jsii.Number(9100)}},
	})
}
