// Relay's own runtime over the compiled operations and the server at LANPYA_URL: reads a first page, asks for the next as
// `loadNext` does, and lets Relay's store put them together. Prints JSON: ids as they stand in the store.
import { createOperationDescriptor, Environment, fetchQuery, getSingularSelector, type GraphQLTaggedNode, Network, type ReaderFragment, RecordSource, Store, type Variables } from 'relay-runtime';
import deskQuery from '../made/relay/deskQuery.graphql';
import deskVisitsQuery from '../made/relay/deskVisitsQuery.graphql';
import desk_visits from '../made/relay/desk_visits.graphql';
import deskCentreQuery from '../made/relay/deskCentreQuery.graphql';
import desk_centre from '../made/relay/desk_centre.graphql';
import deskChildQuery from '../made/relay/deskChildQuery.graphql';
import desk_child from '../made/relay/desk_child.graphql';

declare const process: { env: Record<string, string> };

interface Page {
  edges: { node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const environment = new Environment({
  store: new Store(new RecordSource()),
  network: Network.create(async ({ text }, variables) => {
    const headers = { 'content-type': 'application/json', authorization: process.env.LANPYA_AUTHORIZATION };
    const answer = await fetch(process.env.LANPYA_URL, { method: 'POST', headers, body: JSON.stringify({ query: text, variables }) });
    return answer.json();
  }),
});

const FIRST = { first: 2 };
const asked = (query: GraphQLTaggedNode, variables: Variables) => fetchQuery(environment, query, variables, { fetchPolicy: 'network-only' }).toPromise();
const OPERATION = createOperationDescriptor(deskQuery, FIRST);
/** The first query as it stands in the store. */
const root = (): any => environment.lookup(OPERATION.fragment).data;
/** A fragment as a component reads it from the store. */
function read(fragment: ReaderFragment, key: unknown): any {
  const selector = getSingularSelector(fragment, key);
  return selector && environment.lookup(selector).data;
}
const visits = (): Page => read(desk_visits, root()).visits;
const centre = (): Page => read(desk_centre, root().resourceCentres.nodes[0]).visits;
const ids = (page: Page) => page.edges.map(({ node }) => node.id);

async function walk() {
  await asked(deskQuery, FIRST);
  const before = { visits: visits(), centre: centre() };
  const { resourceCentres, children } = root();
  await asked(deskVisitsQuery, { ...FIRST, after: before.visits.pageInfo.endCursor });
  await asked(deskCentreQuery, { ...FIRST, after: before.centre.pageInfo.endCursor, id: resourceCentres.nodes[0].id });
  await asked(deskChildQuery, { id: children.nodes[0].id });
  const told = {
    before: { visits: ids(before.visits), centre: ids(before.centre) },
    after: { visits: ids(visits()), centre: ids(centre()) },
    child: read(desk_child, root().children.nodes[0]),
  };
  console.log(JSON.stringify(told));
}

void walk();
