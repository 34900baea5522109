// A Kubernetes client of three verbs over plain HTTPS: hundreds of objects a second, where kubectl starts a process each.
import { Agent, request } from 'node:https';

/** What every Kubernetes object has. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly resourceVersion?: string;
    readonly uid?: string;
  };
  readonly [field: string]: unknown;
}

export interface KubeAnswer {
  readonly status: number;
  /** The object, or a `Status` that says what is wrong with it. */
  readonly body: Record<string, unknown> & { readonly message?: string };
  /** Warning headers: unknown fields, deprecated versions. */
  readonly warnings: readonly string[];
}

export interface KubeEndpoint {
  readonly baseUrl: string;
  readonly token: string;
  /** The server's certificate, PEM. */
  readonly ca: string;
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export class KubeClient {
  private readonly agent: Agent;
  private readonly resources = new Map<string, Promise<readonly Resource[]>>();

  public constructor(private readonly endpoint: KubeEndpoint) {
    this.agent = new Agent({ ca: endpoint.ca, keepAlive: true, maxSockets: 8 });
  }

  /** Server-side apply with strict field validation, as `kubectl apply --server-side --validate=strict` sends it. */
  public async apply(object: KubeObject, fieldManager = 'conformance', dryRun = false): Promise<KubeAnswer> {
    const query = `fieldManager=${fieldManager}&fieldValidation=Strict&force=true${dryRun ? '&dryRun=All' : ''}`;
    // JSON is YAML.
    return this.send('PATCH', `${await this.path(object)}?${query}`, object, 'application/apply-patch+yaml');
  }

  public async get(object: KubeObject): Promise<KubeAnswer> {
    return this.send('GET', await this.path(object));
  }

  public async delete(object: KubeObject): Promise<KubeAnswer> {
    // Nothing collects garbage here, so an owner must not wait for its dependents.
    return this.send('DELETE', `${await this.path(object)}?propagationPolicy=Background`);
  }

  /** Any request; the answer's body is JSON, or text under `message`. */
  public send(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<KubeAnswer> {
    return new Promise((resolve, reject) => {
      const headers = { 'authorization': `Bearer ${this.endpoint.token}`, 'content-type': contentType };
      const call = request(`${this.endpoint.baseUrl}${path}`, { method, agent: this.agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({
          status: response.statusCode!,
          body: parsed(Buffer.concat(chunks).toString()),
          warnings: response.headersDistinct.warning ?? [],
        }));
      });
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  public close(): void {
    this.agent.destroy();
  }

  /** Path of an object's resource, found by discovery. */
  private async path(object: KubeObject): Promise<string> {
    const { apiVersion, kind, metadata } = object;
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    if (!this.resources.has(group)) this.resources.set(group, this.discover(group));
    const resource = (await this.resources.get(group)!).find((each) => each.kind === kind);
    if (!resource) {
      this.resources.delete(group);
      throw new Error(`the API server knows no ${kind} in ${apiVersion}`);
    }
    const scope = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
    return `${group}${scope}/${resource.name}/${metadata.name}`;
  }

  private async discover(group: string): Promise<readonly Resource[]> {
    const { body } = await this.send('GET', group);
    // Subresources carry the kind too: `services/status`.
    return ((body.resources ?? []) as Resource[]).filter(({ name }) => !name.includes('/'));
  }
}

function parsed(text: string): KubeAnswer['body'] {
  try {
    return JSON.parse(text) as KubeAnswer['body'];
  } catch {
    return { message: text };
  }
}
