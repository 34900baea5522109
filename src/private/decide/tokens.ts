/** Secrets with Dapr's tokens: from the settings, or as Dapr's own annotations of the function name them, which win. */
import type { ProxyModel } from '../function/proxy-settings';
import type { JsonObject, StringMap } from '../kubernetes/json';

/** Names of Secrets whose key `token` counts. */
export interface TokensPlan {
  readonly api?: TokenSecret;
  readonly app?: TokenSecret;
}

export interface TokenSecret {
  readonly secret: string;
  /** Named by an annotation: then the user may have given the variable for it, too. */
  readonly annotated: boolean;
}

export const API_TOKEN_SECRET = 'dapr.io/api-token-secret';
export const APP_TOKEN_SECRET = 'dapr.io/app-token-secret';

export function decideTokens(annotations: StringMap, { apiToken, appToken }: ProxyModel): TokensPlan {
  return { api: secretOf(annotations[API_TOKEN_SECRET], apiToken), app: secretOf(annotations[APP_TOKEN_SECRET], appToken) };
}

function secretOf(annotation: string | undefined, setting: string | undefined): TokenSecret | undefined {
  const secret = annotation ?? setting;
  return secret === undefined || secret === '' ? undefined : { secret, annotated: annotation !== undefined };
}

export function tokenVariable(name: string, token: TokenSecret | undefined): JsonObject[] {
  return token === undefined ? [] : [{ name, valueFrom: { secretKeyRef: { name: token.secret, key: 'token' } } }];
}
