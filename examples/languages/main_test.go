// Tests of the chart in Go: go test
package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-openfunction/cdk8s-openfunction-go/cdk8sopenfunction"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

type object = map[string]interface{}

func TestBakery(t *testing.T) {
	bakery := NewBakery(cdk8s.Testing_App(nil), "bakery")
	manifests := cdk8sopenfunction.Manifests_Of(bakery)

	// Every function with a sidecar or a proxy has its configuration.
	manifests.HasObject(jsii.String("Service.serving.knative.dev"), &object{
		"metadata": object{"name": "audit"},
		"spec":     object{"template": object{"metadata": object{"annotations": object{"dapr.io/enabled": "true"}}}},
	})
	context := cdk8sopenfunction.Match_Json(object{
		"outputs": object{"placed": cdk8sopenfunction.Match_ObjectLike(&object{"operation": "create"})},
	})
	container := object{"env": cdk8sopenfunction.Match_ListWith(&[]interface{}{object{"name": "FUNC_CONTEXT", "value": context}})}
	manifests.HasObject(jsii.String("Service.serving.knative.dev"), &object{
		"metadata": object{"name": "orders"},
		"spec":     object{"template": object{"spec": object{"containers": []interface{}{container}}}},
	})
	manifests.CountIs(jsii.String("ScaledObject"), jsii.Number(1), nil)
	manifests.HasNoObject(jsii.String("Component"), &object{"scopes": cdk8sopenfunction.Match_Absent()})

	// A failure shows the nearest object.
	failure := failureOf(func() {
		manifests.HasObject(jsii.String("Deployment"), &object{
			"metadata": object{"name": "orders-dapr-proxy"},
			"spec":     object{"replica": 2},
		})
	})
	if !strings.Contains(failure, `spec.replica: is not there, expected 2; did you mean "replicas"?`) {
		t.Error(failure)
	}

	// An order reaches the invoices.
	deliveries := *cdk8sopenfunction.EventSimulation_Of(bakery).Publish(jsii.String("events"), jsii.String("orders"), &object{"type": "placed"})
	if len(deliveries) != 1 || *deliveries[0].FunctionName != "invoices" || *deliveries[0].DeadLetterTopic != "orders-failed" {
		t.Errorf("%d deliveries", len(deliveries))
	}
	if deliveries[0].Outcome != cdk8sopenfunction.EventOutcome_DELIVERED {
		t.Error(deliveries[0].Outcome)
	}
}

func failureOf(assertion func()) (failure string) {
	defer func() { failure = fmt.Sprint(recover()) }()
	assertion()
	return
}
