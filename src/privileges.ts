/** What one app may do with another; types only. */

/** What an app may call of a function, where `leastPrivilege` denies all other calls. */
export interface InvokeGrant {
  /**
   * Namespace of the calling app.
   *
   * @default - that of the function
   */
  readonly namespace?: string;
  /**
   * Paths, or methods of gRPC such as `/shop.Orders/Get`. Each begins with `/`. `/orders` is also all below it,
   * `/orders/*` is it and what is one step below, `/orders/**` is any number of steps.
   *
   * @default - all
   */
  readonly operations?: string[];
  /**
   * HTTP methods in capital letters, such as `GET`. Of no effect on functions that speak gRPC.
   *
   * @default - all
   */
  readonly verbs?: string[];
  /**
   * Trust domain of the calling app's identity.
   *
   * @default "public"
   * @see https://docs.dapr.io/operations/configuration/invoke-allowlist/
   */
  readonly trustDomain?: string;
}
