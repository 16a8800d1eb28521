/** Gears and a nudge: apart from the other playgrounds, which need neither charts nor forward mode. */
import { page } from './pages.tsx'
import { GearNotes } from './parts/gears.tsx'
import { gears } from './programs/gears.ts'

export const GearsAndNudge = page({ program: gears, opening: { select: 'x' }, Notes: GearNotes })
