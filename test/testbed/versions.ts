// Releases that the suites build and judge against, in one place. The modules in `go/` and in `../conformance/judges/`
// pin the same ones.
export const VERSIONS = {
  kubernetes: '1.32.0',
  knative: '0.46.0',
  dapr: '1.16.0',
  /** Of the sidecar that runs beside the proxy. */
  daprd: '1.18.0',
  /** Dapr's scheduler; that of 1.18 needs a module that the public Go module proxy does not serve. */
  daprScheduler: '1.16.0',
  keda: '2.17.0',
  // The newest release of the add-on that the public Go module proxy serves.
  kedaHttpAddOn: '0.8.0',
  gatewayApi: '1.3.0',
} as const;
