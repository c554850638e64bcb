// What PostGraphile serves, and how: nothing that a production server would not have.
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";
import { makePgService } from "postgraphile/adaptors/pg";

export default {
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset, PostGraphileConnectionFilterPreset],
  // Ids are the rows' own.
  disablePlugins: ["NodePlugin"],
  pgServices: [
    makePgService({
      connectionString: process.env.DATABASE_URL,
      schemas: ["public", "bench"],
      poolConfig: { max: 8, min: 8 },
    }),
  ],
  // Lists as well as connections: a list is the cheaper one where no page is asked for.
  schema: { defaultBehavior: "+connection +list", connectionFilterRelations: false },
  grafserv: { graphqlPath: "/graphql", graphiql: false, websockets: false, watch: false, graphqlOverGET: false },
  grafast: {
    explain: false,
    context: ({ node }) => ({ pgSettings: { "lanpya.organisation": node.req.claims.org } }),
  },
};
