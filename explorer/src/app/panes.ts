/** Where panes are tabs: which one stands in front of graph and table. Keys choose it as well as the tabs. */
import { create } from 'zustand'

export type Beside = 'controls' | 'explanation'

/** Null where graph or table is in front. */
export const usePanes = create<{ readonly beside: Beside | null }>(() => ({ beside: null }))

export const bring = (beside: Beside | null): void => usePanes.setState({ beside })
