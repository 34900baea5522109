module cdk8s-openfunction/judges/context

go 1.24.0
