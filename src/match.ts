/** Matchers for tests of manifests. */
import {
  exactly, jsonLike, like, makeMatcher, orNothing, regExpOf, Test, unlike, withElements,
} from './private/testing/match';

/**
 * What a pattern of `Manifests` can say beyond plain values.
 *
 * A plain object in a pattern may have more fields in the manifest. A plain list must have the same length, and its
 * elements the same order.
 *
 * @example
 * const containers = Match.listWith([{ name: 'function', image: Match.text('^registry\\.acme\\.example/') }]);
 * Manifests.of(app).hasObject('Deployment', { spec: { template: { spec: { containers } } } });
 */
export class Match {
  /** Any value, as long as there is one. */
  public static anyValue(): Match {
    return new Match((actual, path) => (
      actual === undefined ? [{ path, message: 'is not there, expected any value', weight: 1 }] : []
    ), '<any value>');
  }

  /**
   * No such field.
   *
   * `None`, `null` and `nil` do not say so: jsii leaves them out of a pattern, which then asks for nothing there.
   */
  public static absent(): Match {
    return new Match((actual, path) => (
      actual === undefined ? [] : [{ path, message: `${orNothing(actual)}, expected no such field`, weight: 1 }]
    ), '<absent>');
  }

  /**
   * The value and nothing beyond it: no further fields, at any depth.
   *
   * @param pattern a plain value; matchers in it are allowed
   */
  public static exact(pattern: unknown): Match {
    return new Match(exactly(pattern), pattern);
  }

  /**
   * At least these fields, also inside of `exact`.
   *
   * @param pattern fields by name; matchers in it are allowed
   */
  public static objectLike(pattern: { [field: string]: unknown }): Match {
    return new Match(like(pattern), pattern);
  }

  /**
   * A list with at least these elements, in any order. Each pattern takes an element of its own.
   *
   * @param patterns what the elements are like; matchers are allowed
   */
  public static listWith(patterns: unknown[]): Match {
    return new Match(withElements([...patterns]), patterns);
  }

  /**
   * A text in which the regular expression is found.
   *
   * @param expression a regular expression of JavaScript without slashes, such as `^registry\.acme\.example/`
   */
  public static text(expression: string): Match {
    const regExp = regExpOf(expression);
    return new Match((actual, path) => {
      if (typeof actual === 'string' && regExp.test(actual)) return [];
      return [{ path, message: `${orNothing(actual)}, expected a text with /${expression}/`, weight: 1 }];
    }, `/${expression}/`);
  }

  /**
   * A text that holds JSON, such as the variable `FUNC_CONTEXT`.
   *
   * @param pattern what the JSON is like; matchers in it are allowed
   */
  public static json(pattern: unknown): Match {
    return new Match(jsonLike(pattern), pattern);
  }

  /**
   * Anything that is not like the pattern; no value at all, too.
   *
   * @param pattern a value or a matcher
   */
  public static not(pattern: unknown): Match {
    return new Match(unlike(pattern), { not: pattern });
  }

  private constructor(test: Test, shown: unknown) {
    makeMatcher(this, test, shown);
  }
}
