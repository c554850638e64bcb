// A page's parts as people write them with Relay: compiled by relay-compiler against the served schema, checked by tsc.
import { usePaginationFragment, usePreloadedQuery, useRefetchableFragment, type PreloadedQuery } from 'react-relay';
import { graphql } from 'relay-runtime';
import type { deskQuery } from '../made/relay/deskQuery.graphql';
import type { deskVisitsQuery } from '../made/relay/deskVisitsQuery.graphql';
import type { desk_visits$key } from '../made/relay/desk_visits.graphql';
import type { deskCentreQuery } from '../made/relay/deskCentreQuery.graphql';
import type { desk_centre$key } from '../made/relay/desk_centre.graphql';
import type { deskChildQuery } from '../made/relay/deskChildQuery.graphql';
import type { desk_child$key } from '../made/relay/desk_child.graphql';

const QUERY = graphql`
  query deskQuery($first: Int!) {
    ...desk_visits @arguments(first: $first)
    resourceCentres(first: 1) {
      nodes {
        id
        ...desk_centre @arguments(first: $first)
      }
    }
    children(first: 1) {
      nodes {
        id
        ...desk_child
      }
    }
  }
`;

/** A list of the root, a page at a time. */
const VISITS = graphql`
  fragment desk_visits on Query
  @refetchable(queryName: "deskVisitsQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" }, where: { type: "VisitFilter" }) {
    visits(first: $first, after: $after, where: $where, orderBy: [{ field: VISITED_ON, direction: DESC }])
      @connection(key: "desk_visits") {
      edges {
        node {
          id
          ticket
          visitedOn
        }
      }
    }
  }
`;

/** A list below a record, which is found again by its id. */
const CENTRE = graphql`
  fragment desk_centre on ResourceCentre
  @refetchable(queryName: "deskCentreQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" }) {
    code
    visits(first: $first, after: $after) @connection(key: "desk_centre_visits") {
      edges {
        node {
          id
        }
      }
    }
  }
`;

/** One record, read again by its id. */
const CHILD = graphql`
  fragment desk_child on Child @refetchable(queryName: "deskChildQuery") {
    code
    registeredOn
  }
`;

export function useDesk(preloaded: PreloadedQuery<deskQuery>) {
  const query = usePreloadedQuery<deskQuery>(QUERY, preloaded);
  const visits = usePaginationFragment<deskVisitsQuery, desk_visits$key>(VISITS, query);
  const days: (string | undefined)[] = visits.data.visits?.edges.map(({ node }) => node.visitedOn) ?? [];
  return { days, more: () => visits.loadNext(10), filtered: () => visits.refetch({ where: { channel: { eq: 'PHONE' } } }) };
}

export function useCentre(key: desk_centre$key) {
  const { data, loadNext, hasNext } = usePaginationFragment<deskCentreQuery, desk_centre$key>(CENTRE, key);
  return { code: data.code, more: () => hasNext && loadNext(10) };
}

export function useChild(key: desk_child$key): string {
  const [data] = useRefetchableFragment<deskChildQuery, desk_child$key>(CHILD, key);
  return data.registeredOn;
}
