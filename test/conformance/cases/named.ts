// All cases with a name.
import type { Case } from './case';
import { exampleCases } from './examples';
import { goldenCases } from './golden';
import { ownCases } from './own';

export function namedCases(): Case[] {
  return [...exampleCases(), ...goldenCases(), ...ownCases()];
}
