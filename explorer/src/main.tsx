/**
 * The page begins: address and settings are read and the view is sent for, then the shell stands, before the view does.
 * `../README.md` says in which order to read the rest.
 */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { startSettings } from './app/settings.ts'
import { componentOf, FIRST, viewAt } from './app/views.ts'
import { startRouting, useRoute } from './url/route.ts'

startSettings()
startRouting()
const first = viewAt(useRoute.getState().path || FIRST)
if (first) componentOf(first)
createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
