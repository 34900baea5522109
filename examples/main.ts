/** All examples in one app, which `npm run synth:examples` writes to `dist/`, a file for each chart. */
import { App } from 'cdk8s';
import { FromManifests, FromProps } from './documentation-page/main';
import { Carts, ENVIRONMENTS } from './environments/main';
import { Folder } from './gitops-folder/main';
import { Invoices } from './kafka-invoices/main';
import { Bakery } from './languages/main';
import { Search } from './platform-team/main';
import { PublicApi } from './public-api/main';
import { Shop } from './shop/main';

const app = new App();
new FromManifests(app, 'documentation-page');
new Invoices(app, 'kafka-invoices');
new Shop(app, 'shop');
new PublicApi(app, 'public-api');
new Search(app, 'platform-team');
new Folder(app, 'gitops-folder');
new Bakery(app, 'languages');
for (const environment of ENVIRONMENTS) new Carts(app, `carts-${environment.name}`, environment);
app.synth();

// The same functions in typed props would claim the same names, so they are an app of their own.
const typed = new App();
new FromProps(typed, 'documentation-page-typed');
typed.synth();
