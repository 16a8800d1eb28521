/** Settings as the address has them and as they are typed: whole numbers within bounds, learning rates. */
import type { Inputs } from './program.ts'

export interface Count {
  readonly id: string
  readonly label: string
  readonly start: number
  readonly min: number
  readonly max: number
}

/** A number outside of its bounds counts as the bound; what is no number leaves the default. */
export function countOf({ id, start, min, max }: Count, inputs: Inputs): number {
  const text = inputs[id]
  const value = Number(text)
  if (text === undefined || text.trim() === '' || !Number.isFinite(value)) return start
  return Math.round(Math.min(max, Math.max(min, value)))
}

/** Why a number that was typed cannot be used. */
export const refuseCount =
  ({ label, min, max }: Count) =>
  (value: number): string | undefined =>
    Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `${label} is a whole number from ${min} to ${max}.`

/** Why a learning rate cannot be used. */
export const refuseRate = (rate: number): string | undefined =>
  rate > 0 && rate <= 100 ? undefined : 'A learning rate lies above 0 and up to 100.'
