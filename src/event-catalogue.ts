/** The topics of an app as a document for people and tools. */
import { Yaml } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { TopologyNodeKind } from './choices';
import { FunctionTopology } from './function-topology';
import type { Json, JsonObject } from './private/kubernetes/json';
import { show, typoOf } from './private/problem/problem';
import { asyncApiOf } from './private/wiring/asyncapi';

/** What an event catalogue cannot know by itself. */
export interface EventCatalogueOptions {
  /**
   * Title of the document.
   *
   * @default "Events"
   */
  readonly title?: string;
  /**
   * Version of the document.
   *
   * @default "1.0.0"
   */
  readonly version?: string;
  /**
   * JSON Schemas of the data of events, by topic.
   *
   * @default - any data
   */
  readonly schemas?: { [topic: string]: unknown };
}

/**
 * An AsyncAPI 3 document: each topic with its CloudEvents, and who sends and receives them.
 *
 * @example
 * EventCatalogue.of(app, { title: 'Shop', schemas: { placed: { type: 'object', required: ['order'] } } }).yaml();
 *
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export class EventCatalogue {
  /**
   * The topics of the functions below a construct, as they are now. Throws where a schema has nearly the name of one.
   *
   * @param scope an app, a chart, a function or any other construct
   * @param options title, version and schemas
   */
  public static of(scope: IConstruct, options: EventCatalogueOptions = {}): EventCatalogue {
    const { title = 'Events', version = '1.0.0', schemas = {} } = options;
    const { nodes, edges } = FunctionTopology.of(scope);
    const topics = nodes.filter(({ kind }) => kind === TopologyNodeKind.TOPIC).map(({ name }) => name);
    for (const name of Object.keys(schemas)) {
      const meant = topics.includes(name) ? undefined : typoOf(name, topics);
      if (meant !== undefined) throw new Error(`there is no topic ${show(name)} here; did you mean ${show(meant)}?`);
    }
    const plain = JSON.parse(JSON.stringify(schemas)) as { [topic: string]: Json };
    return new EventCatalogue(asyncApiOf(nodes, edges, { title, version, schemas: plain }));
  }

  private constructor(private readonly document: JsonObject) {}

  /** The document as JSON. */
  public json(): string {
    return `${JSON.stringify(this.document, null, 2)}\n`;
  }

  /** The document as YAML. */
  public yaml(): string {
    return Yaml.stringify(this.document);
  }
}
