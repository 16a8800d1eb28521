/** The page begins: address and settings are read, then the shell stands, before any view is loaded. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { startSettings } from './app/settings.ts'
import { startRouting } from './url/route.ts'

startSettings()
startRouting()
createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
