import { Testing } from 'cdk8s';
import { Bakery } from './main';
import { compareWithGolden, synthesizedText } from '../golden';

test('the chart of all languages gives the expected objects', () => {
  const app = Testing.app();
  new Bakery(app, 'bakery');
  compareWithGolden(__dirname, synthesizedText(app));
});
