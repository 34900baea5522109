/** KEDA's operator as a plain process, with the names of the stand-in cluster. */
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { PrivateHosts } from '../../integration/support/private-hosts';
import { ProtoFields, ProtoWriter } from '../../integration/support/protobuf';
import { freePort, kedaOperator, run, RunningApiServer, RunningProcess, startProcess } from '../../testbed';

const identity = (buffer: Buffer) => buffer;

export class Keda {
  public static async start(api: RunningApiServer, hosts: PrivateHosts): Promise<Keda> {
    const certificates = mkdtempSync(join(tmpdir(), 'keda-'));
    const file = (name: string) => join(certificates, name);
    await run('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=keda',
      '-addext', 'subjectAltName=DNS:keda', '-keyout', file('tls.key'), '-out', file('tls.crt'),
    ]);
    // One certificate is server, client and authority.
    copyFileSync(file('tls.crt'), file('ca.crt'));
    const keda = new Keda(api, hosts, certificates, await freePort(), await freePort());
    await keda.start();
    return keda;
  }

  private process!: RunningProcess;

  private constructor(
    private readonly api: RunningApiServer,
    private readonly hosts: PrivateHosts,
    private readonly certificates: string,
    private readonly healthPort: number,
    private readonly metricsPort: number,
  ) {}

  /** Returns when its controllers watch. */
  public async start(): Promise<void> {
    this.process = await startProcess({
      name: 'keda-operator',
      ...this.hosts.wrap(await kedaOperator(), [
        '--leader-elect=false', '--enable-cert-rotation=false', `--cert-dir=${this.certificates}`,
        `--health-probe-bind-address=127.0.0.1:${this.healthPort}`, `--metrics-service-bind-address=127.0.0.1:${this.metricsPort}`,
        '--enable-prometheus-metrics=false', '--zap-log-level=info',
      ]),
      env: {
        KUBECONFIG: this.api.kubeconfig,
        KEDA_CLUSTER_OBJECT_NAMESPACE: 'keda',
        WATCH_NAMESPACE: '',
        // Names come from the hosts file alone.
        GODEBUG: 'netdns=go',
        GRPC_ENABLE_TXT_SERVICE_CONFIG: 'false',
      },
    });
    await this.process.waitFor(() => /Starting workers.*"controller":\s*"scaledobject"/.test(this.process.log()), { what: "KEDA's controllers", timeoutMs: 60_000 });
  }

  public async kill(): Promise<void> {
    this.process.signal('SIGKILL');
    await this.process.ended;
  }

  public log(): string {
    return this.process.log();
  }

  /** What KEDA tells the HPA of a metric: asked as KEDA's own metrics adapter asks. */
  public async metric(name: string, namespace: string, metricName: string): Promise<number> {
    const pem = (file: string) => readFileSync(join(this.certificates, file));
    const client = new grpc.Client(`127.0.0.1:${this.metricsPort}`, grpc.credentials.createSsl(pem('ca.crt'), pem('tls.key'), pem('tls.crt')), {
      'grpc.ssl_target_name_override': 'keda',
    });
    const request = new ProtoWriter().bytes(1, name).bytes(2, namespace).bytes(3, metricName).finish();
    try {
      const answer = await new Promise<Buffer>((resolve, reject) => {
        client.makeUnaryRequest('/api.MetricsService/GetMetrics', identity, identity, request, { deadline: Date.now() + 10_000 }, (error, bytes) => (
          error ? reject(error) : resolve(bytes!)));
      });
      return new ProtoFields(answer).all(2).reduce((sum, item) => sum + quantity(new ProtoFields(item).message(5).text(1)), 0);
    } finally {
      client.close();
    }
  }
}

/** A Kubernetes quantity, as far as KEDA writes them: whole numbers and thousandths. */
function quantity(text: string): number {
  return text.endsWith('m') ? Number(text.slice(0, -1)) / 1000 : Number(text);
}
