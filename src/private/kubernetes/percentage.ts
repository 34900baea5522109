/** The share of running jobs in KEDA's custom scaling strategy. */

/**
 * The fraction as KEDA reads it: of `50%` and of `0.5` it is `0.5`; `undefined` for anything else.
 *
 * Differs: the operator wants `50%` and passes it on, which KEDA cannot parse.
 */
export function normalizedPercentage(text: string): string | undefined {
  const percent = /^(\d{1,9}(?:\.\d{1,9})?) *%$/.exec(text);
  // Shifting the point in the text keeps 33.3% at 0.333, which a division would not.
  if (percent !== null) return shiftedByTwo(percent[1]);
  return /^(?:0?\.\d{1,12}|[01](?:\.0{1,12})?)$/.test(text) ? shortest(text.replace(/^\./, '0.')) : undefined;
}

function shiftedByTwo(percent: string): string {
  const [whole, decimals = ''] = percent.split('.');
  const digits = whole.padStart(3, '0');
  return shortest(`${digits.slice(0, -2)}.${digits.slice(-2)}${decimals}`);
}

/** Without zeros that say nothing. */
function shortest(decimal: string): string {
  return decimal.replace(/^0+(?=\d)/, '').replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}
