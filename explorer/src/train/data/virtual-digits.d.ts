/** The file of digits that the build makes. */
declare module 'virtual:digits' {
  export const digits: { readonly url: string; readonly train: number; readonly test: number }
}
