import { useGraphiQL } from '@graphiql/react'
import { useEffect } from 'react'

/** Breaks long lines instead of scrolling sideways: half a window, or a phone, is narrow. */
export function WrapLines() {
  const query = useGraphiQL((state) => state.queryEditor)
  const variables = useGraphiQL((state) => state.variableEditor)
  const response = useGraphiQL((state) => state.responseEditor)
  useEffect(() => {
    for (const editor of [query, variables, response]) editor?.updateOptions({ wordWrap: 'on', wrappingIndent: 'same' })
  }, [query, variables, response])
  return null
}
