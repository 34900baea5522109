/** Props that a manifest says by annotations, beside the annotations that are given. */
import { isHttp } from './triggers';
import { DaprMode } from '../../choices';
import type { OpenFunctionAppProps } from '../../function-props';
import { DAPR_APP_PORT, DAPR_APP_PROTOCOL, DAPR_SERVICE_MODE, ENABLE_DAPR } from '../kubernetes/constants';
import { defined, StringMap } from '../kubernetes/json';
import { Problems, show } from '../problem/problem';

type Said = Readonly<Record<string, string | undefined>>;

export function annotationsOf(props: OpenFunctionAppProps, problems: Problems): StringMap | undefined {
  const { annotations: given, dapr, port, appProtocol } = props;
  const meant: readonly (readonly [prop: string, value: unknown, said: Said])[] = [
    ['dapr', dapr, daprOf(dapr)],
    ['appProtocol', appProtocol, { [DAPR_APP_PROTOCOL]: appProtocol }],
    ['port', port, isHttp(props) ? {} : { [DAPR_APP_PORT]: port === undefined ? undefined : String(port) }],
  ];
  const all = meant.map(([prop, value, said]) => {
    for (const [key, text] of Object.entries(said)) {
      const other = given?.[key];
      if (text === undefined || other === undefined || other === text) continue;
      problems.error([prop], `${show(value)} contradicts the annotation ${key}, which is ${show(other)}`);
    }
    return defined(said);
  });
  const added = Object.assign({}, ...all) as StringMap;
  return given === undefined && Object.keys(added).length === 0 ? undefined : { ...given, ...added };
}

/** The two annotations of OpenFunction. */
function daprOf(mode: DaprMode | undefined): Said {
  if (mode === undefined) return {};
  const off = mode === DaprMode.OFF;
  return { [ENABLE_DAPR]: String(!off), ...(!off && { [DAPR_SERVICE_MODE]: mode }) };
}
