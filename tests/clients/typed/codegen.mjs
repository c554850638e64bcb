// graphql-codegen over what the pages ask, from the schema that the server at LANPYA_URL tells: a file of types for each
// page, as names of operations are a page's own. A scalar that is not named here stops it.
const { LANPYA_URL: url, LANPYA_AUTHORIZATION: Authorization } = process.env;
const pages = '../../api/pages/src';
const types = (documents) => ({
  documents,
  plugins: ['typescript-operations'],
  config: { strictScalars: true, scalars: { Date: 'string', DateTime: 'string' } },
});

export default {
  schema: { [url]: { headers: { Authorization } } },
  generates: {
    'typed/made/reception.ts': types(`${pages}/reception/operations.graphql`),
    'typed/made/dashboard.ts': types(`${pages}/dashboard/operations.graphql`),
    'typed/made/examples.ts': types(`${pages}/examples/*.graphql`),
  },
};
