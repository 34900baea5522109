/** A Grafana dashboard with a panel for each metric of the dapr-proxy (docs/spec M141). */
import { Metric, METRICS } from './metrics';
import type { JsonObject } from '../kubernetes/json';

/** Grafana's grid is 24 wide. */
const COLUMNS = 2;
const WIDTH = 24 / COLUMNS;
const HEIGHT = 8;
/** Selected by the dashboard's variables. */
const SELECTED = 'namespace=~"$namespace",function=~"$function"';
const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

export function dashboard(): JsonObject {
  return {
    uid: 'openfunction-dapr-proxy',
    title: 'OpenFunction: dapr-proxy',
    tags: ['openfunction', 'dapr'],
    editable: false,
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus' },
        variable('namespace', 'label_values(dapr_proxy_info, namespace)'),
        variable('function', 'label_values(dapr_proxy_info{namespace=~"$namespace"}, function)'),
      ],
    },
    panels: Object.entries(METRICS).map(([name, metric], index) => panelOf(name, metric, index)),
  };
}

function variable(name: string, query: string): JsonObject {
  const all = { includeAll: true, multi: true, allValue: '.*', current: { text: 'All', value: '$__all' } };
  return { name, type: 'query', datasource: DATASOURCE, query, refresh: 2, ...all };
}

function panelOf(name: string, metric: Metric, index: number): JsonObject {
  const { title, unit, by } = metric.panel;
  const lines = ['namespace', 'function', ...by];
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    description: `${name}: ${metric.help}`,
    datasource: DATASOURCE,
    gridPos: { x: (index % COLUMNS) * WIDTH, y: Math.floor(index / COLUMNS) * HEIGHT, w: WIDTH, h: HEIGHT },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: [{
      refId: 'A',
      datasource: DATASOURCE,
      expr: queryOf(name, metric),
      legendFormat: lines.map((label) => `{{${label}}}`).join(' '),
    }],
  };
}

/** Over the replicas of a proxy, unless the panel tells them apart. */
export function queryOf(name: string, { type, panel: { by } }: Metric): string {
  const labels = ['namespace', 'function', ...by].join(', ');
  switch (type) {
    case 'counter': return `sum by (${labels}) (rate(${name}{${SELECTED}}[$__rate_interval]))`;
    case 'gauge': return `sum by (${labels}) (${name}{${SELECTED}})`;
    case 'histogram': {
      const buckets = `sum by (${labels}, le) (rate(${name}_bucket{${SELECTED}}[$__rate_interval]))`;
      return `histogram_quantile(0.95, ${buckets})`;
    }
  }
}
