/** Secrets with Dapr's tokens: from the settings, or as Dapr's own annotations of the function name them, which win. */
import type { Outline } from './outline';
import type { ProxyModel } from '../function/proxy-settings';
import type { JsonObject, StringMap } from '../kubernetes/json';
import type { Problems } from '../problem/problem';

/** Secrets with the key `token`. */
export interface TokensPlan {
  readonly api?: TokenSecret;
  readonly app?: TokenSecret;
}

export interface TokenSecret {
  readonly secret: string;
  /** Named by an annotation: then the user may have given the variable for it, too. */
  readonly annotated: boolean;
}

const API_TOKEN_SECRET = 'dapr.io/api-token-secret';
const APP_TOKEN_SECRET = 'dapr.io/app-token-secret';

export function decideTokens(
  { serving: { annotations }, dapr }: Outline, { apiToken, appToken }: ProxyModel, problems: Problems,
): TokensPlan {
  const api = secretOf(annotations[API_TOKEN_SECRET], apiToken);
  if (dapr.mode !== 'off' && api !== undefined) {
    const path = api.annotated ? ['serving', 'annotations', API_TOKEN_SECRET] : ['proxy', 'apiToken'];
    problems.warn(path, 'functions of the Node framework up to 0.6 hang, since it cannot send the token');
  }
  return { api, app: secretOf(annotations[APP_TOKEN_SECRET], appToken) };
}

export function tokenAnnotations({ api, app }: TokensPlan): StringMap {
  return {
    ...(api !== undefined && { [API_TOKEN_SECRET]: api.secret }),
    ...(app !== undefined && { [APP_TOKEN_SECRET]: app.secret }),
  };
}

function secretOf(annotation: string | undefined, setting: string | undefined): TokenSecret | undefined {
  const secret = annotation ?? setting;
  return secret === undefined || secret === '' ? undefined : { secret, annotated: annotation !== undefined };
}

export function tokenVariable(name: string, token: TokenSecret | undefined): JsonObject[] {
  return token === undefined ? [] : [{ name, valueFrom: { secretKeyRef: { name: token.secret, key: 'token' } } }];
}
