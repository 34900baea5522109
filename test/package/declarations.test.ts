import { withoutInternals } from '../../release/declarations';

test('a class without internal members, and an interface, stay as they are', () => {
  const text = "import type { A } from './a';\nexport interface I {\n    /** @internal */\n    a: A;\n}\nexport declare class C {\n    /** For all. */\n    a: A;\n}\n";
  expect(withoutInternals(text)).toBe(text);
});

test('internal members become private ones without a type, and what only they used is no longer imported', () => {
  expect(withoutInternals(`import { Construct } from 'constructs';
import type { Entry, Kept } from './private/entry';
import type { Body } from './private/body';
export declare class Input {
    readonly kept: Kept;
    /** @internal */
    readonly _entry: Entry;
    /** @internal For the command line. */
    get _body(): Body;
    /** @internal */
    static _from(scope: Construct, entry: Entry): Input;
    /** What everybody may call. */
    bind(scope: Construct): void;
    private constructor();
}
`)).toBe(`import { Construct } from 'constructs';
import type { Kept } from './private/entry';
export declare class Input {
    readonly kept: Kept;
    private _entry;
    private _body;
    private static _from;
    /** What everybody may call. */
    bind(scope: Construct): void;
    private constructor();
}
`);
});
