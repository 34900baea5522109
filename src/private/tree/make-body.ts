/** The body of a function, or what takes its place while its problems are kept until synthesis. */
import { ApiObject, Chart, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { markUsed } from './consumers';
import { FunctionBody } from './function-body';
import { intakeFromProps, Read } from './intake';
import { listenForSettings, NO_SETTINGS, readSettings } from './surroundings';
import { keepOrThrow, speakAtSynthesis, withKept } from './synthesis';
import type { OpenFunctionAppProps } from '../../function-props';
import { inlineImage } from '../image/bundle';
import { givenProps } from '../settings/known-props';
import type { ProxyImageModel } from '../settings/proxy-image';

/** A function that was read from elsewhere. */
interface Source {
  readonly read: Read;
  /** Construct path, or file. */
  readonly where?: string;
}

interface Made {
  /** Absent while the function's own problems wait for synthesis. */
  readonly body?: FunctionBody;
  readonly name: string;
  readonly namespace: string;
  readonly appId: string;
}

/** Manifests, by placeholder props: a jsii class has only one constructor. */
const READ = new WeakMap<object, Source>();

/** Props in the place of a function that is read from elsewhere. */
export function propsOfRead(source: Source, platform: OpenFunctionAppProps['platform']): OpenFunctionAppProps {
  const props: OpenFunctionAppProps = { image: '', platform };
  READ.set(props, source);
  return props;
}

/** The props of a class of the user's own are `isExtended`. */
export function makeBody(fn: Construct, id: string, given: OpenFunctionAppProps, isExtended: boolean): Made {
  const source = READ.get(given);
  const props = givenProps(given);
  const read = source?.read ?? ((growth) => intakeFromProps(id, props, growth, isExtended));
  try {
    const settings = props.platform === undefined ? NO_SETTINGS : readSettings(fn.node.path, props.platform);
    const body = new FunctionBody(fn, read, settings, defaultImage);
    listenForSettings(fn, () => body.refresh());
    speakAtSynthesis(fn, () => [body.said]);
    const { name, namespace, names } = body.plan;
    return { body, name, namespace, appId: names.appId };
  } catch (error) {
    keepOrThrow(fn, error, source?.where);
    return standInFor(fn, props);
  }
}

let inline: ProxyImageModel | undefined;

/** The same for all functions, and made when one needs it. */
function defaultImage(): ProxyImageModel {
  return inline ??= inlineImage();
}

/** Enough for the program to go on. Nothing of it is written: synthesis fails before, and so does its object. */
function standInFor(fn: Construct, given: { readonly name?: unknown; readonly namespace?: unknown }): Made {
  const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);
  const name = text(given.name, fn.node.id);
  const namespace = text(given.namespace, text(Chart.of(fn).namespace, 'default'));
  markUsed(fn, []);
  for (const { node } of fn.node.children) fn.node.tryRemoveChild(node.id);
  new ApiObject(fn, 'Resource', {
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: { name, namespace },
    spec: Lazy.any({
      produce: () => {
        throw withKept(fn);
      },
    }) as unknown,
  });
  return { name, namespace, appId: `${name}-${namespace}` };
}
