/** Kubernetes quantities: `100m`, `1.5Gi`, `1e3`. */

const QUANTITY = /^([-+]?(?:\d+\.?\d*|\.\d+))([KMGTPE]i|[numkMGTPE]|[eE][-+]?\d+)?$/;
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Of the empty suffix among the decimal ones. */
const ONE = 3;

export const QUANTITY_FORM = 'a quantity such as 1, "100m" or "64Mi"';

/** Its amount, or `undefined` when the text is not one. */
export function parseQuantity(text: string): number | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, number, suffix = ''] = match;
  if (BINARY.includes(suffix)) return Number(number) * 1024 ** (BINARY.indexOf(suffix) + 1);
  if (DECIMAL.includes(suffix)) return Number(number) * 1000 ** (DECIMAL.indexOf(suffix) - ONE);
  return Number(number + suffix);
}
