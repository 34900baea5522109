/** The names live in `model/`, which the input rules may import as well. */
export * from '../model/constants';
