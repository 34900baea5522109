/** What colleagues of the platform team write: a wrapper construct, under settings that are said once. */
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { AcmeFunction, applyHouseRules, Size } from './acme-function';
import { DaprComponent, FunctionOutput } from 'cdk8s-openfunction';

export class Search extends Chart {
  public readonly query: AcmeFunction;
  public readonly indexer: AcmeFunction;

  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'search' });
    applyHouseRules(this);
    const index = new DaprComponent(this, 'index', { componentType: 'bindings.http', metadata: { url: 'http://opensearch:9200' } });
    this.query = new AcmeFunction(this, 'query', {
      team: 'search',
      size: Size.LARGE,
      image: 'registry.acme.example/search/query:1.8.0',
      port: 3000,
    });
    this.indexer = new AcmeFunction(this, 'indexer', {
      team: 'search',
      image: 'registry.acme.example/search/indexer:1.8.0',
      outputs: [FunctionOutput.toBinding(index, { operation: 'post' })],
    });
  }
}
