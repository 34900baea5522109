// The chart of main.ts in Go.
package main

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-openfunction/cdk8s-openfunction-go/cdk8sopenfunction"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	kplus "github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2"
)

// NewBakery makes the chart of the bakery.
func NewBakery(scope constructs.Construct, id string) cdk8s.Chart {
	chart := cdk8s.NewChart(scope, jsii.String(id), &cdk8s.ChartProps{Namespace: jsii.String("bakery")})

	// What the platform team decides. Without a proxy image of its own, the proxy runs inline, from a ConfigMap.
	cdk8sopenfunction.PlatformSettings_Of(chart).Set(&cdk8sopenfunction.PlatformSettingsProps{
		ClusterDomain: jsii.String("cluster.acme.example"),
		Gateway: &cdk8sopenfunction.PlatformGateway{
			Name: jsii.String("public"), Namespace: jsii.String("gateways"), Domain: jsii.String("apps.acme.example"),
		},
		ProxyImage: cdk8sopenfunction.DaprProxyImage_Inline(&cdk8sopenfunction.InlineProxyImageOptions{
			NodeImage: jsii.String("registry.acme.example/node:22-alpine"),
		}),
		Proxy: &cdk8sopenfunction.DaprProxyProps{
			HoldTimeout: cdk8sopenfunction.TimeLimit_Of(cdk8s.Duration_Seconds(jsii.Number(30))),
			SidecarResources: &cdk8sopenfunction.ContainerResources{
				Memory: &cdk8sopenfunction.SizeResources{Limit: cdk8s.Size_Mebibytes(jsii.Number(128))},
			},
		},
	})

	// The smallest function, and one that publishes through the shared proxy.
	cdk8sopenfunction.NewOpenFunctionApp(chart, jsii.String("hello"), &cdk8sopenfunction.OpenFunctionAppProps{
		Image: jsii.String("acme/hello:1.4.0"),
	})
	kafka := cdk8sopenfunction.NewDaprComponent(chart, jsii.String("kafka"), &cdk8sopenfunction.DaprComponentProps{
		ComponentType: jsii.String("bindings.kafka"),
		Metadata: &map[string]interface{}{
			"authType": "password", "brokers": "kafka:9092", "maxMessageBytes": 1024, "publishTopic": "orders", "saslUsername": "bakery",
		},
		Secrets: &map[string]*cdk8sopenfunction.SecretKey{
			"saslPassword": {
				Secret: kplus.Secret_FromSecretName(chart, jsii.String("kafka-login"), jsii.String("kafka-login")),
				Key:    jsii.String("password"),
			},
		},
	})
	orders := cdk8sopenfunction.NewOpenFunctionApp(chart, jsii.String("orders"), &cdk8sopenfunction.OpenFunctionAppProps{
		Image: jsii.String("acme/orders:2.0.1"),
		Port:  jsii.Number(9000),
		Http: &cdk8sopenfunction.HttpTrigger{
			Route: &cdk8sopenfunction.HttpRouteOptions{Hostnames: jsii.Strings("orders.acme.example")},
		},
		Outputs: &[]cdk8sopenfunction.FunctionOutput{
			cdk8sopenfunction.FunctionOutput_ToBinding(kafka, &cdk8sopenfunction.BindingOutputOptions{
				Name:      jsii.String("placed"),
				Operation: jsii.String("create"),
			}),
		},
		Scaling: &cdk8sopenfunction.FunctionScaling{MinReplicas: jsii.Number(0), MaxReplicas: jsii.Number(20)},
	})

	// A sidecar in every pod, and a pod as Kubernetes writes it.
	cdk8sopenfunction.NewOpenFunctionApp(chart, jsii.String("audit"), &cdk8sopenfunction.OpenFunctionAppProps{
		Image:   jsii.String("acme/audit:1.0.0"),
		Outputs: &[]cdk8sopenfunction.FunctionOutput{
			cdk8sopenfunction.FunctionOutput_ToBinding(kafka, &cdk8sopenfunction.BindingOutputOptions{
				Name:      jsii.String("log"),
				Operation: jsii.String("create"),
			}),
		},
		Dapr: cdk8sopenfunction.DaprMode_SIDECAR,
		Pod: &map[string]interface{}{
			"containers": []map[string]interface{}{
				{"name": "function", "resources": map[string]interface{}{"limits": map[string]string{"memory": "256Mi"}}},
			},
		},
	})

	// Woken by its own pending events.
	events := cdk8sopenfunction.DaprComponent_FromComponentName(chart, jsii.String("events"), &cdk8sopenfunction.ExistingDaprComponent{
		ComponentName: jsii.String("events"),
		ComponentType: jsii.String("pubsub.kafka"),
	})
	cdk8sopenfunction.NewOpenFunctionApp(chart, jsii.String("invoices"), &cdk8sopenfunction.OpenFunctionAppProps{
		Image: jsii.String("acme/invoices:3.2.0"),
		Inputs: &[]cdk8sopenfunction.FunctionInput{
			cdk8sopenfunction.FunctionInput_FromTopic(events, jsii.String("orders"), &cdk8sopenfunction.TopicInputOptions{
				DeadLetterTopic: jsii.String("orders-failed"),
			}),
		},
		Scaling: &cdk8sopenfunction.FunctionScaling{
			MinReplicas: jsii.Number(0),
			MaxReplicas: jsii.Number(50),
		},
		PendingEvents: &cdk8sopenfunction.PendingEventsScaling{TargetPerReplica: jsii.Number(20)},
		Env: &map[string]*string{"CURRENCY": jsii.String("EUR")},
	})

	// A manifest as it is.
	cdk8sopenfunction.OpenFunctionApp_FromManifest(chart, jsii.String("greeter"), &map[string]interface{}{
		"apiVersion": "core.openfunction.io/v1beta2",
		"kind":       "Function",
		"metadata":   map[string]interface{}{"name": "greeter"},
		"spec": map[string]interface{}{
			"image":   "acme/greeter:1.0.0",
			"serving": map[string]interface{}{"triggers": map[string]interface{}{"http": map[string]interface{}{"port": 8081}}},
		},
	}, nil)

	// Other objects use what a function offers, and everything can be patched.
	kplus.NewConfigMap(chart, jsii.String("links"), &kplus.ConfigMapProps{
		Metadata: &cdk8s.ApiObjectMetadata{Name: jsii.String("links")},
		Data:     &map[string]*string{"appId": orders.DaprAppId(), "orders": orders.InternalUrl()},
	})
	orders.Workload().AddJsonPatch(cdk8s.JsonPatch_Add(jsii.String("/spec/template/metadata/annotations/team"), "checkout"))
	return chart
}

func main() {
	app := cdk8s.NewApp(nil)
	NewBakery(app, "bakery")
	app.Synth()
}
