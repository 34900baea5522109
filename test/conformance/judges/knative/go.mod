module cdk8s-openfunction/judges/knative

go 1.24.0

require knative.dev/serving v0.46.0 // indirect
