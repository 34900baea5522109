import { Testing } from 'cdk8s';
import { Bakery } from './main';
import { compareWithGolden } from '../golden';
import { Manifests } from 'cdk8s-openfunction';

test('the chart of all languages gives the expected objects', () => {
  const app = Testing.app();
  new Bakery(app, 'bakery');
  compareWithGolden(__dirname, Manifests.of(app).toSnapshot());
});
