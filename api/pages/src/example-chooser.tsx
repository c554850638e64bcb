import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { EXAMPLES } from './examples'

const nameOf = (query: string) => /^(?:query|mutation)\s+(\w+)/m.exec(query)?.[1]

/** Goes to an example's tab, or lays it into a new tab if its own was closed or renamed. */
export function ExampleChooser() {
  const { addTab, changeTab } = useGraphiQLActions()
  const tabs = useGraphiQL((state) => state.tabs)
  const queryEditor = useGraphiQL((state) => state.queryEditor)
  const variableEditor = useGraphiQL((state) => state.variableEditor)

  function open(index: number) {
    const example = EXAMPLES[index]
    const there = tabs.findIndex((tab) => tab.title === nameOf(example.query))
    if (there >= 0) {
      changeTab(there)
      document.getElementById(`graphiql-session-tab-${there}`)?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
      return
    }
    addTab()
    queryEditor?.setValue(example.query)
    variableEditor?.setValue(example.variables ?? '')
  }

  return (
    <select
      className="examples"
      aria-label="Go to an example"
      value=""
      onChange={(event) => open(Number(event.target.value))}
    >
      <option value="" disabled>
        Examples
      </option>
      {EXAMPLES.map((example, index) => (
        <option key={example.title} value={index}>
          {example.title}
        </option>
      ))}
    </select>
  )
}
