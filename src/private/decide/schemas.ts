/** Parts of a function that pass through to Kubernetes unchanged: their fields and types. */
import type { Check } from './outline';
import { checkStructure } from '../kubernetes/pod-schema';

export const schemas: Check = ({ serving }, problems) => {
  checkStructure(serving.template, 'PodSpec', ['serving', 'template'], problems);
  const { advanced } = serving.scaling.scaledObject ?? {};
  checkStructure(advanced, 'AdvancedConfig', ['serving', 'scaleOptions', 'keda', 'scaledObject', 'advanced'], problems);
  const route = ['serving', 'triggers', 'http', 'route', 'rules'];
  serving.http?.route?.rules?.forEach((rule, index) => {
    checkStructure(rule, 'HTTPRouteRule', [...route, index], problems);
  });
};
