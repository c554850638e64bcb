import 'graphiql/setup-workers/vite'
import '@graphiql/react/style.css'
import '@graphiql/plugin-doc-explorer/style.css'
import 'graphiql/graphiql.css' // not graphiql/style.css: that one carries 600 KB of fonts
import './page.css'
import { createRoot } from 'react-dom/client'
import { Page } from './page'

createRoot(document.getElementById('root')!).render(<Page />)
