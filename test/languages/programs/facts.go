package main

import (
	"fmt"
	"strings"

	"github.com/aws/jsii-runtime-go"
	openfunction "github.com/cdk8s-openfunction/cdk8s-openfunction-go/cdk8sopenfunction"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func named(object cdk8s.ApiObject) string {
	if object == nil {
		return "none"
	}
	return *object.Kind() + " " + *object.Name()
}

func say(fact string, values ...string) {
	fmt.Printf("%s: %s\n", fact, strings.Join(values, ", "))
}

func each[T any](list *[]T, text func(T) string) []string {
	texts := []string{}
	for _, one := range *list {
		texts = append(texts, text(one))
	}
	return texts
}

func text(value *string) string { return *value }

// refusal gives what a panic says; the runtime puts the class before what a method throws.
func refusal(attempt func()) (message string) {
	defer func() {
		if problem := recover(); problem != nil {
			message = strings.TrimPrefix(fmt.Sprint(problem), "ProblemsError: ")
		}
	}()
	attempt()
	return "accepted"
}

// findings gives what is wrong, as data.
func findings(attempt func()) (told []string) {
	defer func() {
		if problem := recover(); problem != nil {
			for _, one := range *openfunction.ProblemFindings_Of(fmt.Sprint(problem)) {
				told = append(told, fmt.Sprintf("%s in %s at %s (%s %.0f %.0f): %s",
					one.Severity, *one.Where, *one.Path, or(one.File, "no file"), or(one.Line, 0), or(one.Column, 0), *one.Message))
			}
		}
	}()
	attempt()
	return []string{"accepted"}
}

func or[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

func main() {
	app := cdk8s.NewApp(nil)
	shop := cdk8s.NewChart(app, jsii.String("shop"), &cdk8s.ChartProps{Namespace: jsii.String("shop")})
	queue := openfunction.NewDaprComponent(shop, jsii.String("queue"), &openfunction.DaprComponentProps{
		ComponentType: jsii.String("bindings.kafka"),
		Metadata:      &map[string]interface{}{"brokers": "kafka:9092", "authType": "none", "publishTopic": "orders"},
	})
	orders := openfunction.NewOpenFunctionApp(shop, jsii.String("orders"), &openfunction.OpenFunctionAppProps{
		Image:   jsii.String("acme/orders:1"),
		Outputs: &[]openfunction.FunctionOutput{
			openfunction.FunctionOutput_ToBinding(queue, &openfunction.BindingOutputOptions{Operation: jsii.String("create")}),
		},
	})
	folder := openfunction.NewOpenFunctionManifests(shop, jsii.String("folder"), &openfunction.OpenFunctionManifestsProps{
		Paths: jsii.Strings("functions"),
	})
	greeter := openfunction.OpenFunctionApp_FromYamlFile(shop, jsii.String("greeter"), jsii.String("functions/greeter.yaml"), &openfunction.ManifestOptions{
		Namespace: jsii.String("greetings"),
	})
	openfunction.PlatformSettings_Of(app).Set(&openfunction.PlatformSettingsProps{ClusterDomain: jsii.String("cluster.example")})

	say("mode", string(orders.DaprMode()))
	say("app-id", *orders.DaprAppId())
	say("url", *orders.InternalUrl())
	say("workload", named(orders.Workload()))
	say("proxy", named(orders.Proxy()))
	say("service", named(orders.Service()))
	say("objects", each(orders.Objects(), named)...)
	say("scopes", each(queue.Scopes(), text)...)
	functions := each(folder.Functions(), func(function openfunction.OpenFunctionApp) string { return *function.FunctionName() })
	say("folder", append(functions, each(folder.Others(), named)...)...)
	say("components", each(greeter.Components(), named)...)
	report := orders.Report()
	say("reason", *report.DaprReason)
	say("reported", each(report.Objects, func(one *openfunction.ReportedObject) string {
		return fmt.Sprintf("%s %s %s/%s", *one.ApiVersion, *one.Kind, *one.Namespace, *one.Name)
	})...)
	say("apis", each(report.RequiredApis, text)...)
	say("prerequisites", each(report.Prerequisites, text)...)
	say("sidecars", *report.Sidecars)
	say("warnings", fmt.Sprint(len(*report.Warnings)))
	say("settings", refusal(func() {
		openfunction.PlatformSettings_Of(shop).Set(&openfunction.PlatformSettingsProps{ClusterDomain: jsii.String("no domain")})
	}))

	other := cdk8s.NewApp(nil)
	twins := cdk8s.NewChart(other, jsii.String("twins"), &cdk8s.ChartProps{Namespace: jsii.String("shop")})
	for _, id := range []string{"one", "two"} {
		openfunction.NewOpenFunctionApp(twins, jsii.String(id), &openfunction.OpenFunctionAppProps{
			Name:  jsii.String("same"),
			Image: jsii.String("acme/same:1"),
		})
	}
	say("synthesis", findings(func() { other.Synth() })...)
	say("another error", findings(func() { cdk8s.NewChart(other, jsii.String("twins"), nil) })...)

	openfunction.OpenFunctionApp_FromYamlFile(shop, jsii.String("wrong"), jsii.String("wrong.yaml"), nil)
	openfunction.OpenFunctionApp_FromManifest(shop, jsii.String("list"), &map[string]interface{}{"kind": "List"}, nil)
	openfunction.NewOpenFunctionApp(shop, jsii.String("Bad"), &openfunction.OpenFunctionAppProps{
		Image: jsii.String(""),
		Port:  jsii.Number(70000),
	})
	app.Synth()
}
