// Releases that the suites build and judge against, in one place. The modules in `go/` and in `../conformance/judges/`
// pin the same ones. They are the newest that the library writes for; the oldest are judged by less (OLDEST).
export const VERSIONS = {
  kubernetes: '1.35.0',
  knative: '0.51.0',
  dapr: '1.18.0',
  keda: '2.21.0',
  // The newest release of the add-on that the public Go module proxy serves.
  kedaHttpAddOn: '0.15.0',
  // The definitions; the Go types that the library's tables are read from are those of the last release for this Go.
  gatewayApi: '1.6.1',
  gatewayApiTypes: '1.5.1',
  kubeScore: '1.20.0',
  // The newest release of it that the public Go module proxy serves.
  prometheusOperator: '0.85.0',
} as const;

/** The oldest releases that a target may name: their definitions judge what is written for them. */
export const OLDEST = {
  knative: '0.46.0',
  dapr: '1.16.0',
  keda: '2.17.0',
  kedaHttpAddOn: '0.8.0',
  gatewayApi: '1.3.0',
} as const;
