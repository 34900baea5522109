// The examples of the repository: the app that `examples/main.ts` builds, one case a chart.
import { join } from 'node:path';
import type { App, Chart } from 'cdk8s';
import type { Case, Change, Rendered } from './case';
import { changeProps } from './change-props';
import { readYaml, reportsOf, withoutWarnings } from './render';
import type * as library from '../../../src';
import { repositoryRoot } from '../../testbed';

const LIBRARY = 'cdk8s-openfunction';

export function exampleCases(): Case[] {
  return [...chartsOf([]).keys()].map((name) => ({
    source: 'example',
    name,
    render: (changes = []) => chartsOf(changes).get(name)!,
  }));
}

const rendered = new Map<string, ReadonlyMap<string, Rendered>>();

function chartsOf(changes: readonly Change[]): ReadonlyMap<string, Rendered> {
  const key = changes.join();
  if (!rendered.has(key)) rendered.set(key, renderCharts(capture(changes)));
  return rendered.get(key)!;
}

/** Runs the program up to the moment when it would write files. */
function capture(changes: readonly Change[]): App[] {
  const apps: App[] = [];
  jest.isolateModules(() => {
    const cdk8s = jest.requireActual<typeof import('cdk8s')>('cdk8s');
    jest.spyOn(cdk8s.App.prototype, 'synth').mockImplementation(function (this: App) { apps.push(this); });
    jest.doMock(LIBRARY, () => changedLibrary(jest.requireActual<typeof library>(LIBRARY), changes));
    withoutWarnings(() => jest.requireActual<object>(join(repositoryRoot, 'examples', 'main')));
    jest.dontMock(LIBRARY);
  });
  return apps;
}

/** The library, with a class that changes the props on their way in. */
function changedLibrary(actual: typeof library, changes: readonly Change[]): object {
  class Changed extends actual.OpenFunctionApp {
    public constructor(scope: Chart, id: string, props: library.OpenFunctionAppProps) {
      super(scope, id, changes.reduce(changeProps, props));
    }
  }
  return { ...actual, OpenFunctionApp: Changed };
}

function renderCharts(apps: readonly App[]): ReadonlyMap<string, Rendered> {
  const yaml = jest.requireActual<typeof import('cdk8s')>('cdk8s').Yaml;
  const charts = apps.flatMap((app) => app.node.children).filter((child): child is Chart => 'toJson' in child);
  return new Map(charts.map((chart) => [chart.node.id, {
    objects: readYaml(yaml.stringify(...withoutWarnings(() => chart.toJson()) as unknown[])),
    reports: reportsOf(chart),
  }]));
}
