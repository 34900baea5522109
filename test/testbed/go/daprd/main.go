// Dapr's own daprd with all its stable components, and the binding that watches Kubernetes, which is an alpha one.
package main

import (
	"github.com/dapr/components-contrib/bindings/kubernetes"
	"github.com/dapr/dapr/cmd/daprd/app"
	"github.com/dapr/dapr/pkg/components/bindings"
)

func main() {
	bindings.DefaultRegistry.RegisterInputBinding(kubernetes.NewKubernetes, "kubernetes")
	app.Run()
}
