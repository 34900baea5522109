// What the suite judges against. `docs/` and the README name the same versions.
export const VERSIONS = {
  kubernetes: '1.32.0',
  knative: '0.46.0',
  dapr: '1.16.0',
  keda: '2.17.0',
  // The newest release that the public Go module proxy serves.
  kedaHttpAddOn: '0.8.0',
  gatewayApi: '1.3.0',
} as const;
